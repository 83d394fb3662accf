import type { ServerFrame } from "@indelible/api/realtime/ServerFrame"
import type { CommandOrigin } from "@indelible/application/conversation/CommandOrigin"
import type { ConversationEvent } from "@indelible/domain/conversation/ConversationEvent"
import { Deferred, Effect } from "effect"
import { SecureRandom } from "effect/crypto/SecureRandom"
import type { Session } from "./Session.ts"

/** The durable frame that answers a session's command: of the event of this type that the command writes. */
export interface AwaitedFrame {
  readonly correlationId: string
  readonly event: ConversationEvent["type"]
  readonly id: string | undefined
  readonly arrived: Deferred.Deferred<void>
}

interface Asked {
  readonly id?: string
}

/** The event is on disk and its frame is on its way; this long is waited for those before it. */
const patience = "2 seconds"

const expect = (session: Session, awaited: AwaitedFrame) =>
  Effect.acquireRelease(
    Effect.sync(() => session.awaited.push(awaited)),
    () => Effect.sync(() => session.awaited.splice(session.awaited.indexOf(awaited), 1))
  )

/**
 * Runs a session's command, whose answer is the durable frame of what it wrote: that frame goes out in its turn, after
 * all before it in the conversation, and carries the id of the frame that asked. `inStead` answers when nothing was
 * written, because it was so before; also when the turn does not come, which only a log that cannot be read brings about.
 */
export const answeredByEvent = <A, E, R>(
  session: Session,
  { id }: Asked,
  event: AwaitedFrame["event"],
  command: (origin: CommandOrigin) => Effect.Effect<A, E, R>,
  wrote: (answer: A) => boolean,
  inStead: (answer: A) => ServerFrame
): Effect.Effect<void, E, R | SecureRandom> =>
  Effect.scoped(
    Effect.gen(function* () {
      const correlationId = yield* (yield* SecureRandom).uuidV4()
      const arrived = Deferred.makeUnsafe<void>()
      yield* expect(session, { correlationId, event, id, arrived })
      const answer = yield* command({ correlationId, causationId: null, client: "websocket" })
      const inTurn = wrote(answer)
        ? Effect.timeoutOrElse(Effect.as(Deferred.await(arrived), true), {
            duration: patience,
            orElse: () => Effect.succeed(false)
          })
        : Effect.succeed(false)
      if (!(yield* inTurn)) session.answer(id, inStead(answer))
    })
  )
