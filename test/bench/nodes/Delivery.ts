import { randomUUID } from "node:crypto"
import { ClientMessageId } from "@indelible/domain/conversation/ClientMessageId"
import { Effect } from "effect"
import { connect } from "../../nodes/Conversing.ts"
import type { Installation } from "../../nodes/Installation.ts"
import * as NodeProcess from "../../nodes/NodeProcess.ts"
import type { TestSocket } from "../../realtime/TestSocket.ts"
import { percentile } from "../Latencies.ts"

const pairs = 30
const warmUp = 3_000
const measured = 10_000

export interface Delivered {
  readonly messages: number
  readonly p50: number
  readonly p99: number
}

/** When each message came out of a socket, by its text, which is its id as well. */
const arrivals = ({ socket }: TestSocket, into: Map<string, number>) =>
  socket.on("message", (data) => {
    const text = /"(?:text|clientMessageId)":"([^"]+)"/.exec(data.toString())?.[1]
    if (text !== undefined) into.set(text, performance.now())
  })

/**
 * How much later than their senders know that they are saved messages come out of sockets on another node, in
 * milliseconds.
 *
 * @param redis its URL; without it nodes hear of each other by the log alone
 */
export const deliveryAcrossNodes = Effect.fnUntraced(function* (
  installation: Installation,
  redis: string | undefined,
  perSecond: number
) {
  const node = (name: string) =>
    Effect.flatMap(installation.variablesOf(name, redis), (variables) =>
      NodeProcess.start({ ...variables, ROLES: "edge" })
    )
  const [a, b] = yield* Effect.all([node("a"), node("b")], { concurrency: 2 })
  const saved = new Map<string, number>()
  const heard = new Map<string, number>()
  const senders = yield* Effect.forEach(
    Array.from({ length: pairs }),
    Effect.fnUntraced(function* () {
      const { business, conversation, worker } = yield* installation.pair(a.origin)
      const socket = yield* connect(a.port, yield* installation.tokenOf(business))
      arrivals(socket, saved)
      arrivals(yield* connect(b.port, yield* installation.tokenOf(worker)), heard)
      return (text: string) =>
        socket.post({
          type: "send_message",
          conversationId: conversation,
          clientMessageId: ClientMessageId.make(text),
          text
        })
    })
  )
  const begun = performance.now()
  const sent: Array<string> = []
  for (let i = 0; performance.now() - begun < warmUp + measured; i += 1) {
    const text = randomUUID()
    if (performance.now() - begun > warmUp) sent.push(text)
    senders[i % pairs]?.(text)
    yield* Effect.sleep(Math.max(0, begun + ((i + 1) * 1_000) / perSecond - performance.now()))
  }
  yield* Effect.sleep("1 second")
  const lags = sent.map((text) => (heard.get(text) ?? Number.NaN) - (saved.get(text) ?? Number.NaN))
  if (lags.some(Number.isNaN)) return yield* Effect.die(new Error("a message was lost"))
  const sorted = lags.sort((x, y) => x - y)
  return {
    messages: sorted.length,
    p50: percentile(sorted, 50),
    p99: percentile(sorted, 99)
  } satisfies Delivered
}, Effect.scoped)
