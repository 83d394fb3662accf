import { assert } from "@effect/vitest"
import type { ClientMessageId } from "@indelible/domain/conversation/ClientMessageId"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Effect, type Scope } from "effect"
import type { DurableFrame, TestSocket } from "../realtime/TestSocket.ts"
import { connect } from "./Conversing.ts"

/** Somebody's device in one conversation, which goes to another node when its own is gone. */
export interface Device {
  /** All that it was told, on whichever node, in the order in which it came. */
  readonly seen: () => ReadonlyArray<DurableFrame>
  /** Sends until it is acknowledged, as often as that takes. */
  readonly send: (clientMessageId: ClientMessageId) => Effect.Effect<void, unknown, Scope.Scope>
  /** Waits until it has everything up to a position, on another node if need be. */
  readonly until: (pos: number) => Effect.Effect<void, unknown, Scope.Scope>
}

/** @param ports of the nodes, in the order in which it turns to them */
export const make = Effect.fnUntraced(function* (
  conversationId: ConversationId,
  token: string,
  ports: readonly [number, ...ReadonlyArray<number>]
) {
  const [own, ...others] = ports
  const sockets: [TestSocket, ...Array<TestSocket>] = [yield* connect(own, token)]
  /** What came live before the first frame that was missed comes again behind it: a client leaves it aside. */
  const seen = () => {
    const all: Array<DurableFrame> = []
    for (const { durable } of sockets) {
      const next = (all.at(-1)?.pos ?? 0) + 1
      const from = all.length === 0 ? 0 : durable.findIndex(({ pos }) => pos === next)
      if (from >= 0) all.push(...durable.slice(from))
    }
    return all
  }
  const current = () => sockets.at(-1) ?? sockets[0]

  const goElsewhere = Effect.gen(function* () {
    const port = others.shift()
    if (port === undefined) return yield* Effect.die(new Error("no node is left"))
    const socket = yield* connect(port, token)
    const last = seen().at(-1)
    const cursor = last === undefined ? { pos: 0 } : { pos: last.pos, tag: last.tag }
    const conversations = [{ conversationId, ...cursor }]
    sockets.push(socket)
    const answer = yield* Effect.promise(() => socket.ask({ type: "resume", conversations }))
    assert.strictEqual(answer.type, "resumed")
  })
  const gone = Effect.as(
    Effect.promise(() => current().closed),
    undefined
  )

  const ask = (clientMessageId: ClientMessageId) =>
    Effect.promise(() =>
      current().ask({ type: "send_message", conversationId, clientMessageId, text: clientMessageId })
    )
  const send = (clientMessageId: ClientMessageId): Effect.Effect<void, unknown, Scope.Scope> =>
    Effect.gen(function* () {
      const answer = yield* Effect.raceFirst(ask(clientMessageId), gone)
      if (answer === undefined) yield* goElsewhere
      if (answer?.type !== "message_sent") yield* send(clientMessageId)
    })

  return {
    seen,
    send,
    until: (pos) =>
      Effect.gen(function* () {
        const there = Effect.promise(() => current().when(() => (seen().at(-1)?.pos ?? 0) >= pos))
        if ((yield* Effect.raceFirst(there, gone)) === true) return
        yield* goElsewhere
        yield* there
      })
  } satisfies Device
})
