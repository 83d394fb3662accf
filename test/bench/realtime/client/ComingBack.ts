import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Effect, Random } from "effect"
import { measured } from "../../Latencies.ts"
import type { Returned } from "./ClientCalls.ts"
import type { Device } from "./Device.ts"
import { sumOf } from "./Place.ts"

interface Head {
  readonly conversation: ConversationId
  readonly pos: number
}

const missedBy = (devices: ReadonlyArray<Device>, heads: ReadonlyArray<Head>) => {
  const headOf = new Map(heads.map(({ conversation, pos }) => [conversation, pos]))
  return sumOf(
    devices.flatMap(({ places }) =>
      Array.from(places, ([conversation, place]) => place.account(headOf.get(conversation) ?? 0))
    )
  )
}

/** Everyone comes back as the protocol asks for: at a random moment, again and again until it works. */
export const comeBack = Effect.fnUntraced(function* (
  devices: ReadonlyArray<Device>,
  withinSeconds: number,
  heads: ReadonlyArray<Head>
) {
  const latencies: Array<number> = []
  let again = 0
  const attempt = Effect.fnUntraced(function* (device: Device) {
    device.drop()
    yield* Effect.sleep(yield* Random.nextIntBetween(0, withinSeconds * 1_000))
    const begin = performance.now()
    yield* device.connect
    yield* device.resume
    latencies.push(performance.now() - begin)
  })
  const back = (device: Device) =>
    Effect.retry(attempt(device), {
      while: (error) => {
        again += 1
        return error._tag === "Gone" || error.frame.type === "error"
      }
    })
  const begin = performance.now()
  yield* Effect.forEach(devices, back, { concurrency: "unbounded", discard: true })
  const elapsed = performance.now() - begin
  const { p50, p99 } = measured(latencies, elapsed)
  return {
    seconds: elapsed / 1_000,
    again,
    p50,
    p99,
    ...missedBy(devices, heads)
  } satisfies typeof Returned.Type
})
