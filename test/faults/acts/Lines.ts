import { Effect, Fiber } from "effect"
import { newMessage } from "../clients/Message.ts"
import { insist } from "../clients/Outbox.ts"
import type { Fault } from "../Fault.ts"
import { now } from "../history/Recorder.ts"
import { holdsWithin, within } from "../Stage.ts"
import { pingInterval } from "../world/World.ts"
import { closedBy, socketsOn, sum } from "./Figures.ts"

/** The code of a line that ended without a word. */
const silent = 1006

/** Milliseconds: a ping, another one, the rounds in which they are looked at, and reading the figure. */
const detectWithin = 2_000 * pingInterval + 2_000

export const f27: Fault = {
  id: "F27",
  title: "half of the clients vanish without a word, and come back",
  mustHave: ["vanished", "half-open found", "gap-filled"],
  play: Effect.fnUntraced(function* ({ crowd, lasting, outage, quick, recorder, slack, world }) {
    const doors = world.both.map(({ sideDoor }) => sideDoor)
    const ports = new Set(doors.map(({ port }) => port))
    const vanished = crowd.devices.filter(
      ({ entrance, isConnected }) => isConnected && ports.has(entrance.port)
    )
    const lost = sum(world.both, closedBy(silent))
    const before = yield* lost
    const from = recorder.lines.length
    const cameBack = () => {
      const back = new Set(
        recorder.lines
          .slice(from)
          .flatMap((line) => (line.op === "session" && line.phase === "ok" ? [line.proc] : []))
      )
      return vanished.every(({ isConnected, name }) => isConnected && back.has(name))
    }
    const since = now()
    const played = yield* outage(
      "outage",
      "lines of half of the clients",
      Effect.gen(function* () {
        for (const door of doors) yield* door.blackhole
        const finding = yield* Effect.forkChild(
          within(
            slack * detectWithin,
            Effect.delay(
              Effect.map(lost, (all) => all - before >= vanished.length),
              "100 millis"
            )
          ).pipe(Effect.map((found) => ({ found, took: now() - since })))
        )
        yield* Effect.sleep(lasting(20_000, 500))
        // The old lines stay dead: the nodes have to find that out, and in a full run their clients as well.
        for (const door of doors) yield* door.forget
        if (quick) for (const { wire } of vanished) wire?.cut()
        const back = yield* holdsWithin(slack * 10_000, cameBack)
        return { back, ...(yield* Fiber.join(finding)) }
      })
    )
    const none = yield* within(
      slack * 3_000,
      Effect.map(
        sum(world.both, socketsOn),
        (open) => open === crowd.devices.filter(({ isConnected }) => isConnected).length
      )
    )
    return {
      counts: {
        vanished: vanished.length,
        "half-open found": (yield* lost) - before,
        "ms until found": played.took
      },
      broken: [
        ...(played.found ? [] : [`the nodes did not find all dead lines within ${detectWithin} ms`]),
        ...(none ? [] : ["the nodes count other sockets than there are"]),
        ...(played.back ? [] : ["not all clients came back"])
      ]
    }
  })
}

export const f30: Fault = {
  id: "F30",
  title: "every client is cut every few seconds while it sends",
  mustHave: ["cut", "info", "retried", "gap-filled"],
  play: Effect.fnUntraced(function* ({ count, lasting, outage, quick, seed, world }) {
    const doors = world.both.flatMap(({ entrance, sideDoor }) => [entrance, sideDoor])
    const end = now() + lasting(60_000, 6_000)
    yield* outage(
      "outage",
      "lines of all clients, again and again",
      Effect.gen(function* () {
        // Also in the midst of a frame.
        const longest = quick ? 10_000 : 30_000
        for (const [i, door] of doors.entries()) {
          const chance = seed.named(`door ${i}`)
          yield* door.cutAfter(() => 500 + chance.below(longest))
        }
        while (now() < end) {
          yield* Effect.sleep(200 + seed.below(800))
          yield* seed.pickFrom(doors)?.cutAll ?? Effect.void
        }
        for (const door of doors) yield* door.heal
      })
    )
    return { counts: { cut: count((line) => line.op === "session" && line.phase === "info") } }
  })
}

/** How many stand behind something else, though one like them came before that. */
const overtakenIn = (all: ReadonlyArray<unknown>) =>
  all.filter((one, i) => all.slice(0, i).includes(one) && all[i - 1] !== one).length

export const f31: Fault = {
  id: "F31",
  title: "clients send every message one to three times, with others in between",
  mustHave: ["copies", "overtaken", "deduplicated"],
  perSecond: 0,
  play: Effect.fnUntraced(function* ({ crowd, lasting, seed }) {
    const end = now() + lasting(60_000, 3_000)
    const retries = seed.named("retries")
    let copies = 0
    let overtaken = 0
    yield* Effect.forEach(
      crowd.senders,
      Effect.fnUntraced(function* (sender, i) {
        const chance = seed.named(`sender ${i}`)
        const [conv] = sender.person.conversations
        if (conv === undefined) return
        while (now() < end) {
          const messages = Array.from({ length: 2 + chance.below(3) }, () => newMessage(chance, conv))
          const all = chance.shuffle(
            messages.flatMap((message) => Array.from({ length: 1 + chance.below(3) }, () => message))
          )
          copies += all.length - messages.length
          overtaken += overtakenIn(all)
          yield* Effect.forEach(
            all,
            (message) => insist(sender.attempt(message), sender.connected, retries, false),
            { concurrency: "unbounded", discard: true }
          )
          yield* Effect.sleep(chance.below(1_500))
        }
      }),
      { concurrency: "unbounded", discard: true }
    )
    return { counts: { copies, overtaken } }
  })
}
