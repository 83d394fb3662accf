import { Effect } from "effect"
import { newMessage } from "../clients/Message.ts"
import { insist } from "../clients/Outbox.ts"
import type { Fault } from "../Fault.ts"
import { now } from "../history/Recorder.ts"
import { holdsWithin, within } from "../Stage.ts"
import { pingInterval, type World } from "../world/World.ts"

const sideDoors = ({ both }: World) => both.map(({ sideDoor }) => sideDoor)

const socketsOf = ({ both }: World) =>
  Effect.map(
    Effect.forEach(both, ({ metric }) => metric("indelible_realtime_sockets")),
    (all) => all.reduce((sum: number, count) => sum + (count ?? Number.NaN), 0)
  )

/** A ping, another one, the rounds in which they are looked at, and reading the figure. */
const detectWithin = 2_000 * pingInterval + 2_000

export const f27: Fault = {
  id: "F27",
  title: "half of the clients vanish without a word, and come back",
  mustHave: ["vanished", "half-open found", "gap-filled"],
  play: Effect.fnUntraced(function* ({ crowd, lasting, outage, slack, world }) {
    const doors = sideDoors(world)
    const vanished = doors.reduce((sum, door) => sum + door.links(), 0)
    const since = now()
    const broken = yield* outage(
      "outage",
      "lines of half of the clients",
      Effect.gen(function* () {
        for (const door of doors) yield* door.blackhole
        yield* Effect.sleep(lasting(20_000, 500))
        // The old lines stay dead; they themselves find that out, and the nodes.
        for (const door of doors) yield* door.forget
        const found = yield* within(
          slack * detectWithin + lasting(20_000, 500),
          Effect.map(socketsOf(world), (open) => open === crowd.devices.length)
        )
        const back = yield* holdsWithin(slack * 10_000, crowd.areConnected)
        return [
          ...(found ? [] : [`the nodes still count lines that are dead after ${detectWithin} ms`]),
          ...(back ? [] : ["not all clients came back"])
        ]
      })
    )
    return {
      counts: {
        vanished,
        "half-open found": broken.length === 0 ? vanished : 0,
        "ms until found": now() - since
      },
      broken
    }
  })
}

export const f30: Fault = {
  id: "F30",
  title: "every client is cut every few seconds while it sends",
  mustHave: ["cut", "info", "retried", "gap-filled"],
  play: Effect.fnUntraced(function* ({ count, lasting, outage, quick, seed, world }) {
    const doors = world.both.flatMap(({ entrance, sideDoor }) => [entrance, sideDoor])
    const [first, ...others] = doors
    const end = now() + lasting(60_000, 6_000)
    yield* outage(
      "outage",
      "lines of all clients, again and again",
      Effect.gen(function* () {
        // Also in the midst of a frame.
        const longest = quick ? 10_000 : 30_000
        for (const door of doors) yield* door.cutAfter(() => 500 + seed.below(longest))
        while (now() < end && first !== undefined) {
          yield* Effect.sleep(200 + seed.below(800))
          yield* seed.pick([first, ...others]).cutAll
        }
        for (const door of doors) yield* door.heal
      })
    )
    return { counts: { cut: count((line) => line.op === "session" && line.phase === "info") } }
  })
}

export const f31: Fault = {
  id: "F31",
  title: "clients send every message one to three times, and neighbours in the other order",
  mustHave: ["copies", "deduplicated"],
  perSecond: 0,
  play: Effect.fnUntraced(function* ({ crowd, lasting, seed }) {
    const end = now() + lasting(60_000, 3_000)
    let copies = 0
    yield* Effect.forEach(
      crowd.senders,
      Effect.fnUntraced(function* (sender) {
        const [conv] = sender.person.conversations
        if (conv === undefined) return
        while (now() < end) {
          const pair = [newMessage(seed, conv), newMessage(seed, conv)].toReversed()
          const all = pair.flatMap((message) => {
            const times = 1 + seed.below(3)
            copies += times - 1
            return Array.from({ length: times }, () => message)
          })
          yield* Effect.forEach(
            all,
            (message) => insist(sender.attempt(message), sender.connected, seed, false),
            { concurrency: "unbounded", discard: true }
          )
          yield* Effect.sleep(seed.below(1_500))
        }
      }),
      { concurrency: "unbounded", discard: true }
    )
    return { counts: { copies } }
  })
}
