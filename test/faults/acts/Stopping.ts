import { Effect } from "effect"
import type { Crowd } from "../clients/Crowd.ts"
import type { Fault } from "../Fault.ts"
import { now, type Recorder } from "../history/Recorder.ts"
import { holdsWithin, within } from "../Stage.ts"
import type { ProductNode } from "../world/ProductNode.ts"

/** Milliseconds in which a node that is told to stop has stopped. */
const drainLimit = 5_000
/** The close code of a node that stops. */
const draining = 1012

/** Those who are connected to a node. The returned tells how many of them were not told to come back since. */
const toldToComeBack = ({ devices }: Crowd, { lines }: Recorder, node: ProductNode) => {
  const there = devices.filter(({ entrance, isConnected }) => isConnected && entrance.node === node.name)
  const from = lines.length
  const told = () =>
    new Set(
      lines
        .slice(from)
        .flatMap((line) => (line.op === "session" && line.code === draining ? [line.proc] : []))
    )
  return () => {
    const heard = told()
    return { of: there.length, told: there.filter(({ name }) => heard.has(name)).length }
  }
}

export const f5: Fault = {
  id: "F5",
  title: "both nodes are stopped and started, one after the other",
  mustHave: ["stopped", "sockets told to come back", "gap-filled"],
  play: Effect.fnUntraced(function* ({ crowd, lasting, outage, recorder, slack, world }) {
    const broken: Array<string> = []
    let stopped = 0
    let slowest = 0
    let toldAll = 0
    for (let round = 0; round < lasting(3, 1); round++) {
      for (const node of world.both) {
        const comingBack = toldToComeBack(crowd, recorder, node)
        yield* outage(
          "outage",
          `node ${node.name}`,
          Effect.gen(function* () {
            const since = now()
            const ending = yield* node.terminate
            const took = now() - since
            stopped += 1
            slowest = Math.max(slowest, took)
            if (ending !== 0) broken.push(`node ${node.name} ended with ${ending}`)
            if (took > slack * drainLimit) broken.push(`node ${node.name} took ${took.toFixed(0)} ms to stop`)
            yield* node.start()
          })
        )
        const { of, told } = comingBack()
        toldAll += told
        if (told < of) broken.push(`node ${node.name} told ${told} of ${of} sockets to come back`)
        yield* Effect.sleep(lasting(5_000, 300))
      }
    }
    return {
      counts: { stopped, "sockets told to come back": toldAll, "ms of the slowest stop": slowest },
      broken
    }
  })
}

/** Milliseconds in which others have what a frozen node kept. */
const takenWithin = 6_000
/** Milliseconds in which a client gives up waiting for an answer. */
const givenUpWithin = 8_000

export const f6: Fault = {
  id: "F6",
  title: "a node freezes, and thaws when others do its work",
  mustHave: ["frozen", "taken over", "info"],
  play: Effect.fnUntraced(function* ({ crowd, lasting, outage, recorder, slack, world }) {
    const before = yield* world.owners
    // The one that has more to lose.
    const ownedBy = (name: string) =>
      Object.entries(before).flatMap(([projection, owner]) => (owner === name ? [projection] : []))
    const [frozen, other] =
      ownedBy("a").length >= ownedBy("b").length ? world.both : [world.nodes.b, world.nodes.a]
    const lost = ownedBy(frozen.name)
    const taken = Effect.map(
      world.owners,
      (owners) => lost.filter((projection) => owners[projection] === other.name).length
    )
    const from = recorder.lines.length
    const unanswered = () =>
      recorder.lines.slice(from).filter((line) => line.op === "send" && line.phase === "info").length
    const all = yield* outage(
      "outage",
      `node ${frozen.name}`,
      Effect.gen(function* () {
        yield* frozen.signal("SIGSTOP")
        yield* Effect.sleep(lasting(20_000, 0))
        // Somebody has given up waiting for it.
        yield* holdsWithin(slack * givenUpWithin, () => unanswered() > 0)
        yield* within(
          slack * takenWithin,
          Effect.map(taken, (count) => count === lost.length)
        )
        return yield* taken
      }).pipe(Effect.ensuring(frozen.signal("SIGCONT")))
    )
    yield* Effect.sleep(lasting(10_000, 1_000))
    return {
      counts: {
        frozen: 1,
        "taken over": all,
        connected: crowd.devices.filter((each) => each.isConnected).length
      },
      broken: all === lost.length ? [] : [`${lost.length - all} projections were not taken over`]
    }
  })
}
