import { Effect } from "effect"
import type { Fault } from "../Fault.ts"
import { now } from "../history/Recorder.ts"

/** Milliseconds in which a node that is told to stop has stopped. */
const drainLimit = 5_000
/** The close code of a node that stops. */
const draining = 1012

export const f5: Fault = {
  id: "F5",
  title: "both nodes are stopped and started, one after the other",
  mustHave: ["stopped", "sockets told to come back", "gap-filled"],
  play: Effect.fnUntraced(function* ({ count, lasting, outage, slack, world }) {
    const broken: Array<string> = []
    let stopped = 0
    let slowest = 0
    for (let round = 0; round < lasting(3, 1); round++) {
      for (const node of world.both) {
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
        yield* Effect.sleep(lasting(5_000, 300))
      }
    }
    const told = count((line) => line.op === "session" && line.phase === "info" && line.code === draining)
    return {
      counts: { stopped, "sockets told to come back": told, "ms of the slowest stop": slowest },
      broken
    }
  })
}

export const f6: Fault = {
  id: "F6",
  title: "a node freezes, and thaws when others do its work",
  mustHave: ["frozen", "taken over", "info"],
  play: Effect.fnUntraced(function* ({ crowd, lasting, outage, world }) {
    const before = yield* world.owners
    // The one that has more to lose.
    const ownedBy = (name: string) => Object.values(before).filter((owner) => owner === name).length
    const [frozen, other] = ownedBy("a") >= ownedBy("b") ? world.both : [world.nodes.b, world.nodes.a]
    const taken = yield* outage(
      "outage",
      `node ${frozen.name}`,
      Effect.gen(function* () {
        yield* frozen.signal("SIGSTOP")
        yield* Effect.sleep(lasting(20_000, 6_000))
        const owners = yield* world.owners
        yield* frozen.signal("SIGCONT")
        return Object.entries(before).filter(
          ([name, owner]) => owner === frozen.name && owners[name] === other.name
        ).length
      })
    )
    yield* Effect.sleep(lasting(10_000, 1_000))
    const lost = ownedBy(frozen.name) - taken
    return {
      counts: {
        frozen: 1,
        "taken over": taken,
        connected: crowd.devices.filter((each) => each.isConnected).length
      },
      broken: lost === 0 ? [] : [`${lost} projections were not taken over`]
    }
  })
}
