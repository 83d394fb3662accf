import { Effect } from "effect"
import type { Fault } from "../Fault.ts"
import type { LineOf } from "../history/Line.ts"
import { holdsWithin, type Stage } from "../Stage.ts"
import type { ProductNode } from "../world/ProductNode.ts"
import { diesAt } from "./CrashPoints.ts"
import { onlySends } from "./OnlySends.ts"
import { rounds } from "./Rounds.ts"

/** Milliseconds in which somebody on the other node has a message that only the dying one knew of. */
const toldWithin = 5_000

const linesFrom = ({ recorder }: Stage, from: number) => recorder.lines.slice(from)

const devicesOn = ({ crowd }: Stage, { name }: ProductNode) =>
  new Set(
    crowd.devices
      .filter(({ entrance, isConnected }) => isConnected && entrance.node === name)
      .map((device) => device.name)
  )

/** Since the last death everyone may be on one node, and nobody on the other would be told live: each goes home. */
const goHome = ({ crowd, slack }: Stage) => {
  const away = () =>
    crowd.devices.filter(
      ({ entrance, isConnected, options }) => !isConnected || entrance.node !== options.entrances[0].node
    )
  return Effect.suspend(() => {
    for (const { isConnected, wire } of away()) if (isConnected) wire?.cut()
    return holdsWithin(slack * 10_000, () => away().length === 0)
  })
}

/** Sends of these devices that have begun and not ended. */
const underWay = ({ recorder }: Stage, devices: ReadonlySet<string>) => {
  const open = new Set<number>()
  for (const line of recorder.lines) {
    if (line.op !== "send" || !devices.has(line.proc)) continue
    if (line.phase === "invoke") open.add(line.call)
    else open.delete(line.call)
  }
  return open.size
}

/**
 * The answer that the node died of: it was to die of its next one, and this send was begun after it had been told so.
 * undefined: it was the answer to an earlier one, or never reached its sender.
 */
const lastAnswer = (stage: Stage, from: number, devices: ReadonlySet<string>) => {
  const begun = new Set<number>()
  return linesFrom(stage, from).find((line): line is LineOf<"send"> => {
    if (line.op !== "send" || !devices.has(line.proc)) return false
    if (line.phase === "invoke") begun.add(line.call)
    return line.phase === "ok" && begun.has(line.call)
  })
}

/** One death. Redis would carry the news faster than the sender has its answer. */
const die = Effect.fnUntraced(function* (stage: Stage, node: ProductNode, other: ProductNode) {
  const { recorder, slack } = stage
  if (!(yield* goHome(stage))) return { died: false, acknowledged: false, told: false }
  const [here, there] = [devicesOn(stage, node), devicesOn(stage, other)]
  yield* node.redis?.refuse ?? Effect.void
  yield* holdsWithin(slack * 2_000, () => underWay(stage, here) === 0)
  const from = recorder.lines.length
  const died = yield* diesAt(stage, node, "send.after-ack", 1)
  const answer = died ? lastAnswer(stage, from, here) : undefined
  const isTold = () =>
    linesFrom(stage, from).some(
      (line) =>
        line.op === "take" &&
        line.via === "live" &&
        line.conv === answer?.conv &&
        there.has(line.proc) &&
        line.seen.some(({ pos }) => pos === answer.pos)
    )
  const told = answer !== undefined && (yield* holdsWithin(slack * toldWithin, isTold))
  yield* node.redis?.heal ?? Effect.void
  return { died, acknowledged: answer !== undefined, told }
})

export const f3: Fault = {
  id: "F3",
  title: "a node is killed after the answer, before anybody else is told",
  mustHave: ["died", "acknowledged by the dying", "told by the tail", "gap-filled"],
  // Of every conversation somebody is on the other node.
  devicesEach: () => 2,
  play: Effect.fnUntraced(function* (stage) {
    const { a, b } = stage.world.nodes
    yield* onlySends(stage)
    const all: Array<Effect.Success<ReturnType<typeof die>>> = []
    const count = (what: "died" | "acknowledged" | "told") => all.filter((each) => each[what]).length
    // Now and then it dies of an answer to somebody who had asked before.
    const deaths = yield* rounds(
      stage.lasting(6, 1),
      Effect.sync(() => count("acknowledged") > 0),
      Effect.fnUntraced(function* (round: number) {
        const [node, other] = round % 2 === 0 ? [a, b] : [b, a]
        yield* stage.outage(
          "outage",
          `node ${node.name}`,
          Effect.gen(function* () {
            const death = yield* die(stage, node, other)
            all.push(death)
            if (death.died) yield* node.start()
          })
        )
        yield* Effect.sleep(stage.lasting(3_000, 0))
      })
    )
    const missed = count("acknowledged") - count("told")
    return {
      counts: {
        died: count("died"),
        "acknowledged by the dying": count("acknowledged"),
        "told by the tail": count("told")
      },
      broken: [
        ...(count("died") === deaths ? [] : [`nodes died ${count("died")} times, not ${deaths}`]),
        ...(missed === 0 ? [] : [`${missed} answered messages were not told within ${toldWithin} ms`])
      ]
    }
  })
}
