import { Effect } from "effect"
import { newMessage } from "../clients/Message.ts"
import { insist } from "../clients/Outbox.ts"
import type { Fault } from "../Fault.ts"
import { now, type Recorder } from "../history/Recorder.ts"
import { someTalk } from "./SomeTalk.ts"

const each = 25
/** What a client may be told in a crush; and that it was told nothing is settled when it asks again. */
const allowed = new Set(["busy", "overloaded", "cut", "timed out"])

/** How many sends were under way at the same time at most. */
const mostAtOnce = ({ lines }: Recorder) => {
  const open = new Set<number>()
  let most = 0
  for (const line of lines) {
    if (line.op !== "send") continue
    if (line.phase === "invoke") open.add(line.call)
    else open.delete(line.call)
    most = Math.max(most, open.size)
  }
  return most
}

export const f14: Fault = {
  id: "F14",
  title: "50 devices write to one conversation at once",
  mustHave: ["rounds", "ok"],
  conversations: 1,
  devicesEach: () => each,
  perSecond: 0,
  play: Effect.fnUntraced(function* ({ crowd, lasting, recorder, seed }) {
    const end = now() + lasting(60_000, 2_500)
    const { conv } = yield* someTalk(crowd)
    const retries = seed.named("retries")
    let rounds = 0
    while (now() < end) {
      yield* Effect.forEach(
        crowd.devices,
        (device) => insist(device.attempt(newMessage(seed, conv)), device.connected, retries, false),
        { concurrency: "unbounded", discard: true }
      )
      rounds += 1
      // As much as all of them can hear of what each of them sends.
      yield* Effect.sleep(400 + seed.below(400))
    }
    const most = mostAtOnce(recorder)
    const strange = recorder.lines.flatMap((line) =>
      line.op === "send" && line.error !== undefined && !allowed.has(line.error) ? [line.error] : []
    )
    return {
      counts: { rounds, "at once": most },
      broken: [
        ...(most >= crowd.devices.length ? [] : [`only ${most} wrote at once`]),
        ...[...new Set(strange)].map((error) => `some were told ${error}`)
      ]
    }
  })
}
