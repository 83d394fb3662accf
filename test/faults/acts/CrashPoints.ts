import type { CrashPoint } from "@indelible/infrastructure/faults/CrashPoint"
import { Effect } from "effect"
import type { Fault } from "../Fault.ts"
import { holdsWithin, type Stage } from "../Stage.ts"
import type { ProductNode } from "../world/ProductNode.ts"

/** Milliseconds in which somebody brings the node to the point. */
const dieWithin = 20_000

/** Waits for a node to die at a point, the n-th time that it comes there. @returns whether it did */
export const diesAt = ({ slack }: Stage, node: ProductNode, point: CrashPoint, n: number) =>
  Effect.andThen(
    node.dieAt(point, n),
    holdsWithin(slack * dieWithin, () => !node.isAlive())
    // Whoever plays there next must not die of it.
  ).pipe(Effect.ensuring(node.disarm))

/** A node dies at a point of the code, and starts again, so many times. */
const dyingAt = (point: CrashPoint): Fault["play"] =>
  Effect.fnUntraced(function* (stage) {
    const { crowd, lasting, outage, seed, world } = stage
    // Then whatever is under way when the node dies is a send.
    yield* crowd.hush
    const times = lasting(6, 1)
    let died = 0
    for (let i = 0; i < times; i++) {
      const node = i % 2 === 0 ? world.nodes.a : world.nodes.b
      yield* outage(
        "outage",
        `node ${node.name}`,
        Effect.gen(function* () {
          if (!(yield* diesAt(stage, node, point, 1 + seed.below(10)))) return
          died += 1
          yield* node.start()
        })
      )
      yield* Effect.sleep(lasting(3_000, 0))
    }
    return { counts: { died }, broken: died === times ? [] : [`nodes died ${died} times, not ${times}`] }
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
