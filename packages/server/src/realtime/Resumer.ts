import { streamOf } from "@indelible/application/conversation/ConversationCommands"
import { EventOpener } from "@indelible/application/store/EventOpener"
import { EventStore } from "@indelible/application/store/EventStore"
import { Unavailable } from "@indelible/application/store/EventStoreError"
import type { StoredEvent } from "@indelible/application/store/StoredEvent"
import { conversation } from "@indelible/domain/conversation/Conversation"
import { conversationEvents } from "@indelible/domain/conversation/ConversationEvent"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Context, Deferred, Effect, Layer, Queue, Result } from "effect"
import { type ResumeAnswer, type ResumeReading, type ResumeRequest, resumeAnswer } from "./ResumeAnswer.ts"
import { type ConversationHead, type OwnHeads, type Resuming, resumePlan } from "./ResumePlan.ts"
import { UserIds } from "./UserIds.ts"

interface Asked {
  readonly request: ResumeRequest
  readonly answer: Deferred.Deferred<ResumeAnswer, Unavailable>
}

/** So many who come back at once share two statements; so many batches are worked on side by side. */
const mostAtOnce = 32
const batches = 2
/** More conversations of one person than these are left to the list. */
const mostOwn = 1_000

const away = (cause: unknown) => new Unavailable({ reason: "unreachable", cause })

/** Deals the events of all parts, read in their order, out to them. */
const dealOut = (parts: ReadonlyArray<Resuming>, events: ReadonlyArray<StoredEvent>) => {
  const dealt = new Map<Resuming, Array<StoredEvent>>()
  let taken = 0
  for (const part of parts) {
    const mine: Array<StoredEvent> = []
    for (let event = events[taken]; event !== undefined; event = events[++taken]) {
      const next = part.after + mine.length + 1
      if (event.streamId !== part.head.streamId || event.header.streamPos !== next) break
      if (mine.length === part.limit) break
      mine.push(event)
    }
    dealt.set(part, mine)
  }
  return (part: Resuming): ReadonlyArray<StoredEvent> => dealt.get(part) ?? []
}

/**
 * Reads what sessions missed. After the death of a node thousands come back at once: they wait in one line, and the log
 * is asked for many of them together, so a storm costs few statements and a bounded amount of memory.
 */
export class Resumer extends Context.Service<Resumer>()("@indelible/server/realtime/Resumer", {
  make: Effect.gen(function* () {
    const store = yield* EventStore
    const opener = yield* EventOpener
    const userIds = yield* UserIds
    // Each session has at most one in it.
    const line = yield* Queue.unbounded<Asked>()

    /** Where the conversations stand that these requests are about: their people's own, and those that were named. */
    const headsFor = Effect.fnUntraced(function* (requests: ReadonlyArray<ResumeRequest>) {
      const listing = new Set(requests.flatMap(({ others, subject }) => (others ? [subject] : [])))
      const own = new Map<SubjectId, Array<ConversationHead>>()
      const all = new Map<ConversationHead["streamId"], ConversationHead>()
      for (const { state, subject, ...head } of yield* store.headsOf(conversation, [...listing], mostOwn)) {
        if (state === null) continue
        const started = { ...head, state }
        all.set(head.streamId, started)
        const theirs = own.get(subject) ?? []
        theirs.push(started)
        own.set(subject, theirs)
      }
      const named = requests.flatMap(({ cursors }) =>
        cursors.map((cursor) => streamOf(cursor.conversationId))
      )
      const further = new Set(named.filter((stream) => !all.has(stream)))
      for (const { state, ...head } of yield* store.heads(conversation, [...further])) {
        if (state !== null) all.set(head.streamId, { ...head, state })
      }
      const ownOf = (subject: SubjectId): OwnHeads => {
        const heads = own.get(subject) ?? []
        return { heads, more: heads.length >= mostOwn }
      }
      return { all, ownOf }
    })

    const reading = Effect.fnUntraced(function* (parts: ReadonlyArray<Resuming>) {
      const events = yield* store.readStreams(
        parts.map(({ after, head, limit }) => ({ stream: head.streamId, after, limit }))
      )
      const contents = yield* Effect.mapError(opener.open(conversationEvents, events), away)
      const opened = new Map(events.map((stored, i) => [stored, contents[i]]))
      const actors = events.flatMap(({ header: { actor } }) => (actor === "system" ? [] : [actor]))
      return {
        eventsOf: dealOut(parts, events),
        contentOf: (stored) => {
          const content = opened.get(stored)
          return content !== undefined && Result.isSuccess(content) ? content.success : undefined
        },
        userIdOf: yield* Effect.mapError(userIds(actors), away)
      } satisfies ResumeReading
    })

    const answerAll = Effect.fnUntraced(function* (asked: ReadonlyArray<Asked>) {
      const { all, ownOf } = yield* headsFor(asked.map(({ request }) => request))
      const planned = asked.map((each) => {
        const { cursors, subject } = each.request
        return { ...each, plan: resumePlan(subject, cursors, all, ownOf(subject)) }
      })
      const read = yield* reading(
        planned.flatMap(({ plan }) => plan.resuming.filter(({ limit }) => limit > 0))
      )
      for (const { answer, plan, request } of planned) {
        Deferred.doneUnsafe(answer, Effect.succeed(resumeAnswer(request, plan, read)))
      }
    })

    const work = Effect.flatMap(Queue.takeBetween(line, 1, mostAtOnce), (asked) =>
      Effect.catchCause(answerAll(asked), (cause) =>
        Effect.sync(() => {
          for (const { answer } of asked) Deferred.doneUnsafe(answer, Effect.failCause(cause))
        })
      )
    )
    yield* Effect.forever(work).pipe(
      Effect.replicateEffect(batches, { concurrency: batches }),
      Effect.forkScoped
    )

    return {
      /** What a client misses. Live frames that come meanwhile are to be held back by whoever asks. */
      resume: Effect.fn("Resumer.resume")(function* (request: ResumeRequest) {
        const answer = Deferred.makeUnsafe<ResumeAnswer, Unavailable>()
        Queue.offerUnsafe(line, { request, answer })
        return yield* Deferred.await(answer)
      })
    }
  })
}) {
  static readonly layer = Layer.effect(this, this.make)
}
