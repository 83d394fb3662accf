import { Effect } from "effect"
import { newMessage } from "../clients/Message.ts"
import { insist } from "../clients/Outbox.ts"
import type { Fault } from "../Fault.ts"
import { now } from "../history/Recorder.ts"

const each = 25
/** What a client may be told in a crush. */
const allowed = new Set(["busy", "overloaded"])

export const f14: Fault = {
  id: "F14",
  title: "50 devices write to one conversation at once",
  mustHave: ["senders", "ok"],
  conversations: 1,
  devicesEach: () => each,
  perSecond: 0,
  play: Effect.fnUntraced(function* ({ crowd, lasting, recorder, seed }) {
    const end = now() + lasting(60_000, 2_500)
    const [talk] = crowd.talks
    const conv = talk?.conv ?? ""
    yield* Effect.forEach(
      crowd.devices,
      Effect.fnUntraced(function* (device) {
        while (now() < end) {
          yield* insist(device.attempt(newMessage(seed, conv)), device.connected, seed, false)
          // As fast as a socket may send in the long run, for all of them get what each of them sends.
          yield* Effect.sleep(200 + seed.below(400))
        }
      }),
      { concurrency: "unbounded", discard: true }
    )
    const strange = recorder.lines.flatMap((line) =>
      line.op === "send" && line.error !== undefined && !allowed.has(line.error) ? [line.error] : []
    )
    return {
      counts: { senders: crowd.devices.length },
      broken: [...new Set(strange)].map((error) => `some were told ${error}`)
    }
  })
}
