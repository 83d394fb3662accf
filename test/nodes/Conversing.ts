import { randomUUID } from "node:crypto"
import { assert } from "@effect/vitest"
import { ClientMessageId } from "@indelible/domain/conversation/ClientMessageId"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Clock, Effect } from "effect"
import { type SocketOptions, TestSocket } from "../realtime/TestSocket.ts"

/** A socket of somebody on a node, authenticated. It goes with the scope. */
export const connect = Effect.fnUntraced(function* (port: number, token: string, options?: SocketOptions) {
  const socket = yield* Effect.acquireRelease(
    Effect.sync(() => new TestSocket(port, { token, ...options })),
    (open) => Effect.sync(() => open.socket.terminate())
  )
  yield* Effect.promise(() => socket.frame(({ type }) => type === "authenticated"))
  return socket
})

const since = (started: bigint) => Effect.map(Clock.monotonicTimeNanos, (now) => Number(now - started) / 1e6)

/** Milliseconds. */
export interface Passage {
  readonly acknowledged: number
  /** At the other one's socket. */
  readonly arrived: number
}

/** Sends a message and waits until it is acknowledged and with the other one. */
export const pass = Effect.fnUntraced(function* (
  conversationId: ConversationId,
  from: TestSocket,
  to: TestSocket
) {
  const clientMessageId = ClientMessageId.make(randomUUID())
  const started = yield* Clock.monotonicTimeNanos
  const there = Effect.andThen(
    Effect.promise(() =>
      to.frame((frame) => frame.type === "message_received" && frame.text === clientMessageId)
    ),
    since(started)
  )
  const saved = Effect.gen(function* () {
    const frame = { type: "send_message", conversationId, clientMessageId, text: clientMessageId } as const
    const answer = yield* Effect.promise(() => from.ask(frame))
    assert.strictEqual(answer.type, "message_sent")
    return yield* since(started)
  })
  const [acknowledged, arrived] = yield* Effect.all([saved, there], { concurrency: 2 })
  return { acknowledged, arrived } satisfies Passage
})

/** Everything of the conversation from `first` on is on this socket, once and in order. */
export const assertWhole = (socket: TestSocket, first: number) => {
  const positions = socket.durable.map(({ pos }) => pos)
  assert.deepStrictEqual(
    positions,
    positions.map((_, i) => first + i)
  )
}
