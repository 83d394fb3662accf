import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Schema } from "effect"
import { Rpc, RpcGroup } from "effect/rpc"

/** Milliseconds. */
const Latencies = { p50: Schema.Number, p99: Schema.Number }
const Irregularities = { lost: Schema.Int, doubled: Schema.Int, reordered: Schema.Int }

export const Step = Schema.Struct({ perSecond: Schema.Int, seconds: Schema.Int })

export const Delivered = Schema.Struct({
  sent: Schema.Int,
  acknowledged: Schema.Int,
  refused: Schema.Int,
  /** To the other person's socket. */
  delivered: Schema.Int,
  ...Latencies,
  ...Irregularities,
  /** By how many milliseconds this process itself was late with one in a hundred. */
  late: Schema.Number
})

export const Burst = Schema.Struct({
  delivered: Schema.Int,
  /** Messages that came after one that their sender had sent later. */
  outOfOrder: Schema.Int,
  ...Irregularities,
  millis: Schema.Number
})

export const Returned = Schema.Struct({
  /** From the beginning until the last was caught up. */
  seconds: Schema.Number,
  /** Times that a socket had to begin again. */
  again: Schema.Int,
  /** Milliseconds that one took, from its connect until it was caught up. */
  ...Latencies,
  ...Irregularities
})

const conversations = Schema.Array(ConversationId)

/** What the process of clients does when it is told to. */
export class ClientCalls extends RpcGroup.make(
  /** Further sockets, all signed in. A null token: to a server that does not ask. */
  Rpc.make("Connect", {
    payload: { url: Schema.String, tokens: Schema.Array(Schema.NullOr(Schema.String)) }
  }),
  /** How many lines are open. */
  Rpc.make("Open", { success: Schema.Int }),
  /** Everyone learns where their conversations stand. */
  Rpc.make("Resume"),
  Rpc.make("Leave"),
  Rpc.make("SendSteadily", {
    payload: { conversations, steps: Schema.Array(Step) },
    success: Delivered
  }),
  /** So many send, each their next message when the one before is acknowledged. */
  Rpc.make("SendInTurn", {
    payload: { conversations, senders: Schema.Int, seconds: Schema.Int },
    success: Schema.Struct({ perSecond: Schema.Number, ...Latencies })
  }),
  /** So many send `each` messages back to back. */
  Rpc.make("SendBurst", {
    payload: { conversations, senders: Schema.Int, each: Schema.Int },
    success: Burst
  }),
  /** All lines are cut at once; everyone still knows where they stand. */
  Rpc.make("Drop"),
  /** Everyone comes back at a random moment of the next `within` seconds and catches up, to `heads`. */
  Rpc.make("ComeBack", {
    payload: {
      within: Schema.Int,
      heads: Schema.Array(Schema.Struct({ conversation: ConversationId, pos: Schema.Int }))
    },
    success: Returned
  })
) {}
