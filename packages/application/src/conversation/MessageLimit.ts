import type { ClientMessageId } from "@indelible/domain/conversation/ClientMessageId"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Cause, Effect, Exit } from "effect"
import { SecureRandom } from "effect/crypto/SecureRandom"
import { enterLimit, settle } from "../limits/EnterLimit.ts"
import type { RateLimited } from "../limits/RateLimited.ts"
import { RateLimits } from "../limits/RateLimits.ts"
import { EventStore } from "../store/EventStore.ts"
import { OutcomeUnknown } from "../store/EventStoreError.ts"
import { streamOf } from "./ConversationCommands.ts"

/** By what a message is known: the same again, on any interface and node, is the same message. */
export interface NamedMessage {
  readonly by: SubjectId
  readonly conversation: ConversationId
  readonly clientMessageId: ClientMessageId
}

interface Answer {
  readonly repeat: boolean
}

/** A repeat, a refusal and an outage wrote nothing. A defect or an interruption may have come after the commit. */
const wroteNothing = <A extends Answer, E>(exit: Exit.Exit<A, E>) =>
  Exit.isSuccess(exit)
    ? exit.value.repeat
    : exit.cause.reasons.every(
        (reason) => Cause.isFailReason(reason) && !(reason.error instanceof OutcomeUnknown)
      )

/**
 * The limit of messages, around whatever writes one. A repeat of a message that was saved costs nothing, however late it
 * comes, and gets its first answer also where there is no room: the log knows it.
 */
export const messageLimit = Effect.gen(function* () {
  const enter = yield* enterLimit
  const limits = yield* RateLimits
  const store = yield* EventStore
  const random = yield* SecureRandom

  const enterAsRepeat = Effect.fnUntraced(function* (
    { by, clientMessageId, conversation }: NamedMessage,
    refused: RateLimited
  ) {
    // Otherwise whoever is refused could keep the log busy all the same.
    const asking = yield* limits.take("repeats", by, yield* random.uuidV4())
    if (asking._tag === "Refused") return yield* refused
    return (yield* store.holdsCommand(streamOf(conversation), by, clientMessageId)) ? null : yield* refused
  })

  return Effect.fnUntraced(function* <A extends Answer, E, R>(
    message: NamedMessage,
    write: Effect.Effect<A, E, R>
  ) {
    const { by, clientMessageId, conversation } = message
    const turn = yield* enter("messages", by, `${conversation}/${clientMessageId}`).pipe(
      Effect.catchTag("RateLimited", (refused) => enterAsRepeat(message, refused))
    )
    return yield* turn === null ? write : settle(turn, write, wroteNothing)
  })
})
