import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { startConversation } from "@indelible/domain/conversation/StartConversation"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Context, Effect, Layer, Option, Schema } from "effect"
import { Applications, type JobApplication } from "../people/Applications.ts"
import { People, type Person, type Role } from "../people/People.ts"
import type { CommandAnswer } from "./CommandAnswer.ts"
import { ConversationAccess } from "./ConversationAccess.ts"
import { type ConversationRequest, conversationCommands } from "./ConversationCommands.ts"
import { ConversationIds } from "./ConversationIds.ts"

/**
 * There is no application that lets this person start this conversation: unknown, withdrawn, between others, or with
 * somebody who cannot take part. Which of these is not told.
 */
export class ApplicationRequired extends Schema.TaggedError<ApplicationRequired>()(
  "ApplicationRequired",
  {}
) {
  override get message() {
    return "a conversation needs an open application between its two people"
  }
}

export interface StartRequest extends Omit<ConversationRequest, "conversation"> {
  readonly applicationId: string
}

export interface StartAnswer extends CommandAnswer {
  readonly conversation: ConversationId
  /** False when it had been started before. */
  readonly created: boolean
}

const mayTakePart = (person: Person, role: Role) => person.status === "active" && person.role === role

/**
 * Starts the conversation that belongs to an application, or returns it when it was started before. Withdrawing an
 * application, or suspending a person, stops new conversations and leaves existing ones alone.
 */
export class StartConversation extends Context.Service<StartConversation>()(
  "@indelible/application/conversation/StartConversation",
  {
    make: Effect.gen(function* () {
      const applications = yield* Applications
      const people = yield* People
      const ids = yield* ConversationIds
      const access = yield* ConversationAccess
      const execute = yield* conversationCommands

      /** The application's two people, as long as `by` is one of them. */
      const pairOf = Effect.fnUntraced(function* (by: SubjectId, application: JobApplication) {
        const [business, worker] = yield* Effect.all(
          [people.byUserId(application.businessUserId), people.byUserId(application.workerUserId)],
          { concurrency: 2 }
        )
        if (Option.isNone(business) || Option.isNone(worker)) return yield* new ApplicationRequired()
        const pair = { business: business.value, worker: worker.value }
        const two = pair.business.subject !== pair.worker.subject
        const concerns = pair.business.subject === by || pair.worker.subject === by
        return two && concerns ? pair : yield* new ApplicationRequired()
      })

      return Effect.fn("StartConversation")(function* (request: StartRequest) {
        const { applicationId, by } = request
        const application = yield* applications.byId(applicationId)
        if (Option.isNone(application)) return yield* new ApplicationRequired()
        const { business, worker } = yield* pairOf(by, application.value)
        const conversation = ids.idFor(applicationId, business.subject, worker.subject)

        const open =
          application.value.status === "open" &&
          mayTakePart(business, "business") &&
          mayTakePart(worker, "worker")
        if (!open) {
          yield* access
            .open(by, conversation)
            .pipe(Effect.catchTag("ConversationNotFound", () => new ApplicationRequired()))
        }

        const answer = yield* execute(
          startConversation,
          { ...request, conversation },
          { applicationId, business: business.subject, worker: worker.subject }
        ).pipe(
          // The id is computed from the pair and an application's people never change: two ids met by chance, or damage.
          Effect.catchTag("ParticipantsDiffer", Effect.die)
        )
        return { ...answer, conversation, created: answer.recorded !== null } satisfies StartAnswer
      })
    })
  }
) {
  static readonly layer = Layer.effect(this, this.make)
}
