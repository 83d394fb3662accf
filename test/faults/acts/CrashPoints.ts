import type { CrashPoint } from "@indelible/infrastructure/faults/CrashPoint"
import { Effect } from "effect"
import type { Fault } from "../Fault.ts"
import { holdsWithin, type Stage } from "../Stage.ts"
import type { ProductNode } from "../world/ProductNode.ts"
import { onlySends } from "./OnlySends.ts"
import { rounds } from "./Rounds.ts"

/** Milliseconds in which somebody brings the node to the point. */
const dieWithin = 20_000

/** Milliseconds in which a sender has tried again. */
const settleWithin = 3_000

/** Whether a send was repeated and found there. */
export const foundThere = ({ count }: Stage) =>
  count((line) => line.op === "send" && line.phase === "ok" && line.repeat === true) > 0

/** Waits for a node to die at a point, the n-th time that it comes there. @returns whether it did */
export const diesAt = ({ slack }: Stage, node: ProductNode, point: CrashPoint, n: number) =>
  Effect.andThen(
    node.dieAt(point, n),
    holdsWithin(slack * dieWithin, () => !node.isAlive())
    // Whoever plays there next must not die of it.
  ).pipe(Effect.ensuring(node.disarm))

/**
 * A node dies at a point of the code, and starts again, so many times.
 *
 * @param isShown whether one of the deaths was of a send; it may be of a receipt that was still under way
 */
const dyingAt = (point: CrashPoint, isShown: (stage: Stage) => boolean): Fault["play"] =>
  Effect.fnUntraced(function* (stage) {
    const { lasting, outage, seed, slack, world } = stage
    yield* onlySends(stage)
    let died = 0
    const deaths = yield* rounds(
      lasting(6, 1),
      holdsWithin(slack * settleWithin, () => isShown(stage)),
      Effect.fnUntraced(function* (round: number) {
        const node = round % 2 === 0 ? world.nodes.a : world.nodes.b
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
      })
    )
    return { counts: { died }, broken: died === deaths ? [] : [`nodes died ${died} times, not ${deaths}`] }
  })

export const f1: Fault = {
  id: "F1",
  title: "a node is killed before the commit",
  mustHave: ["died", "info", "retried"],
  play: dyingAt(
    "append.before-commit",
    ({ count }) => count((line) => line.op === "send" && line.phase === "info") > 0
  )
}

export const f2: Fault = {
  id: "F2",
  title: "a node is killed after the commit, before the answer",
  mustHave: ["died", "info", "deduplicated"],
  play: dyingAt("append.after-commit", foundThere)
}
