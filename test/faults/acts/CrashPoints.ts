import type { CrashPoint } from "@indelible/infrastructure/faults/CrashPoint"
import { Effect } from "effect"
import type { Fault } from "../Fault.ts"
import { holdsWithin } from "../Stage.ts"

const dieWithin = 20_000

/** A node dies at a point of the code, and starts again, so many times. */
const dyingAt = (point: CrashPoint): Fault["play"] =>
  Effect.fnUntraced(function* ({ crowd, lasting, outage, seed, slack, world }) {
    // Then whatever is under way when the node dies is a send.
    yield* crowd.hush
    const times = lasting(6, 1)
    let died = 0
    for (let i = 0; i < times; i++) {
      const node = i % 2 === 0 ? world.nodes.a : world.nodes.b
      yield* node.dieAt(point, 1 + seed.below(10))
      yield* outage(
        "outage",
        `node ${node.name}`,
        Effect.gen(function* () {
          if (yield* holdsWithin(slack * dieWithin, () => !node.isAlive())) {
            died += 1
            yield* node.start()
          }
        })
      )
      yield* Effect.sleep(lasting(3_000, 0))
    }
    return { counts: { died } }
  })

export const f1: Fault = {
  id: "F1",
  title: "a node is killed before the commit",
  mustHave: ["died", "info", "retried"],
  play: dyingAt("append.before-commit")
}

export const f2: Fault = {
  id: "F2",
  title: "a node is killed after the commit, before the answer",
  mustHave: ["died", "info", "deduplicated"],
  play: dyingAt("append.after-commit")
}

export const f3: Fault = {
  id: "F3",
  title: "a node is killed after the answer, before anybody else is told",
  mustHave: ["died", "gap-filled"],
  play: dyingAt("send.after-ack")
}
