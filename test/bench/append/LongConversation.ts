import { Console, Effect } from "effect"
import { measured } from "../Latencies.ts"
import { type BenchConversation, send, startConversations } from "./Workload.ts"

const sends = 2_000

/** Sends one at a time to a short and a long conversation in turn, so that both meet the same machine. */
export const longConversation = Effect.gen(function* () {
  const [short, long] = yield* startConversations(2)
  if (short === undefined || long === undefined) return yield* Effect.die("no conversations")
  yield* Console.error("filling a conversation with 100,000 messages")
  yield* Effect.forEach(Array.from({ length: 100_000 }), (_, turn) => send(long, turn), {
    concurrency: 200,
    discard: true
  })
  for (let turn = 0; turn < 10; turn++) yield* send(short, turn)

  const timed = Effect.fnUntraced(function* (conversation: BenchConversation, turn: number) {
    const begin = performance.now()
    yield* send(conversation, turn)
    return performance.now() - begin
  })
  const latencies = { short: [] as number[], long: [] as number[] }
  let fresh = short
  for (let turn = 0; turn < sends; turn++) {
    // The short one stays short: a new one every 20 messages.
    if (turn % 20 === 0) {
      const [next] = yield* startConversations(1)
      fresh = next ?? short
      for (let warm = 0; warm < 10; warm++) yield* send(fresh, warm)
    }
    latencies.short.push(yield* timed(fresh, turn))
    latencies.long.push(yield* timed(long, turn))
  }
  const lines = [
    { messages: "10 to 30", ...measured(latencies.short, 1) },
    { messages: "100,000", ...measured(latencies.long, 1) }
  ].map(({ messages, p50, p99 }) => ({ messages, p50: Number(p50.toFixed(2)), p99: Number(p99.toFixed(2)) }))
  return { lines, ratio: (lines[1]?.p99 ?? Number.NaN) / (lines[0]?.p99 ?? Number.NaN) }
})
