import { MarkDelivered } from "@indelible/application/conversation/MarkDelivered"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Cause, Context, Effect, FiberSet, Layer } from "effect"
import type { SecureRandom } from "effect/crypto/SecureRandom"
import { answeredByEvent } from "./AwaitedFrame.ts"
import { internalError, refusalOf } from "./Refusals.ts"
import type { Refusal, Session } from "./Session.ts"

/** One device that says it has a conversation up to a position. */
export interface Acknowledgement {
  readonly session: Session
  readonly by: SubjectId
  readonly conversation: ConversationId
  readonly upTo: number
  readonly id: string | undefined
}

/** Devices acknowledge frame by frame; what comes within this time becomes one event, of the furthest position. */
const gather = "100 millis"

const refuse = (all: ReadonlyArray<Acknowledgement>, refusal: Refusal) => {
  for (const { id, session } of all) session.refuse(id, refusal)
}

/**
 * Gathers delivery acknowledgements, so that a burst of messages to several devices of a person costs the log one event
 * a conversation instead of one a message and device. Each is answered, once it is on disk. What a stop of the node cuts
 * off was not answered; clients say it again after they connected.
 */
export class Acknowledgements extends Context.Service<Acknowledgements>()(
  "@indelible/server/realtime/Acknowledgements",
  {
    make: Effect.gen(function* () {
      const mark = yield* MarkDelivered
      const gathering = new Map<string, Array<Acknowledgement>>()
      const fibers = yield* FiberSet.make()
      const run = yield* FiberSet.runtime(fibers)<SecureRandom>()

      /** The furthest is marked and answered by its event; for the others that says it as well. */
      const record = Effect.fnUntraced(function* (all: ReadonlyArray<Acknowledgement>) {
        const furthest = all.reduce((one, other) => (other.upTo >= one.upTo ? other : one))
        const { by, conversation, session, upTo } = furthest
        yield* answeredByEvent(
          session,
          furthest.id === undefined ? {} : { id: furthest.id },
          "MessagesDelivered",
          (origin) => mark({ by, conversation, commandId: null, origin, upTo: { pos: upTo } }),
          ({ recorded }) => recorded !== null,
          () => ({ type: "message_delivered", conversationId: conversation, repeat: true })
        )
        for (const each of all) {
          if (each === furthest || each.id === undefined) continue
          each.session.answer(each.id, {
            type: "message_delivered",
            conversationId: conversation,
            repeat: true
          })
        }
      })

      const recordOrRefuse = (
        all: ReadonlyArray<Acknowledgement>
      ): Effect.Effect<void, never, SecureRandom> =>
        record(all).pipe(
          Effect.catch((failure) => {
            // One that names a place which is not there must not take the others with it.
            const alone = new Map(all.map(({ upTo }) => [upTo, all.filter((each) => each.upTo === upTo)]))
            if (alone.size > 1) return Effect.forEach([...alone.values()], recordOrRefuse, { discard: true })
            return Effect.sync(() => refuse(all, refusalOf(failure)))
          }),
          Effect.catchCause((cause) => {
            if (Cause.hasInterruptsOnly(cause)) return Effect.failCause(cause)
            refuse(all, internalError)
            return Effect.logError("delivery could not be recorded", cause)
          })
        )

      return {
        take: (acknowledgement: Acknowledgement) => {
          const key = `${acknowledgement.by} ${acknowledgement.conversation}`
          const gathered = gathering.get(key)
          if (gathered !== undefined) return void gathered.push(acknowledgement)
          const all = [acknowledgement]
          gathering.set(key, all)
          run(
            Effect.delay(
              Effect.suspend(() => {
                gathering.delete(key)
                return recordOrRefuse(all)
              }),
              gather
            )
          )
        }
      }
    })
  }
) {
  static readonly layer = Layer.effect(this, this.make)
}
