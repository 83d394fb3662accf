import { Effect, Fiber } from "effect"
import type { Fault } from "../Fault.ts"
import { now } from "../history/Recorder.ts"
import { holdsWithin, within } from "../Stage.ts"
import type { ProductNode } from "../world/ProductNode.ts"
import { allShown } from "./WhoIsThere.ts"

export const f4: Fault = {
  id: "F4",
  title: "either node is killed every 2 to 7 s",
  mustHave: ["killed", "info", "retried", "gap-filled"],
  play: Effect.fnUntraced(function* ({ lasting, outage, quick, seed, world }) {
    const pause = () => (quick ? 300 + seed.below(2_000) : 2_000 + seed.below(5_000))
    const end = now() + lasting(60_000, 4_000)
    let killed = 0
    yield* outage(
      "outage",
      "both nodes, one after the other",
      Effect.gen(function* () {
        const restarts = new Map<ProductNode, Fiber.Fiber<void, Error>>()
        for (;;) {
          const wait = pause()
          if (now() + wait > end && killed > 1) break
          yield* Effect.sleep(wait)
          const victim = seed.pick(world.both)
          if (!victim.isAlive()) continue
          yield* victim.kill9
          killed += 1
          const restarting = restarts.get(victim)
          // Killed while it starts it starts again. The next kill waits for nothing: at times nobody is there.
          if (restarting === undefined || restarting.pollUnsafe() !== undefined) {
            restarts.set(victim, yield* Effect.forkChild(Effect.retry(victim.start(), { times: 20 })))
          }
        }
        yield* Effect.forEach(restarts.values(), Fiber.join, { discard: true })
      })
    )
    return { counts: { killed } }
  })
}

/** Milliseconds in which the survivor shows those who came over to it. */
const shownWithin = 10_000

export const f33: Fault = {
  id: "F33",
  title: "one node dies for good",
  mustHave: ["killed", "taken over", "gap-filled"],
  play: Effect.fnUntraced(function* ({ crowd, lasting, outage, slack, world }) {
    const { a: survivor, b: dead } = world.nodes
    const before = yield* world.owners
    const orphaned = Object.values(before).filter((node) => node === dead.name).length
    const since = now()
    const served = yield* outage(
      "outage",
      "node b, for good",
      Effect.andThen(
        dead.kill9,
        holdsWithin(slack * 10_000, () => crowd.areConnected())
      )
    )
    const back = now() - since
    const kept = yield* within(
      slack * 6_000,
      Effect.map(world.owners, (owners) => Object.values(owners).every((node) => node === survivor.name))
    )
    const takenOver = now() - since
    const shown = yield* allShown(crowd, [survivor], slack * shownWithin)
    yield* Effect.sleep(lasting(50_000, 1_500))
    yield* dead.start()
    return {
      counts: {
        killed: 1,
        "taken over": orphaned,
        "ms until all are connected": back,
        "ms until taken over": takenOver
      },
      broken: [
        ...(served ? [] : ["not all clients were let in by the survivor within 10 s"]),
        ...(kept ? [] : ["the survivor did not take all projections over within 6 s"]),
        ...shown.broken
      ]
    }
  })
}
