import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { freePort } from "@indelible/infrastructure/embedded/FreePort"
import { Effect, Redacted } from "effect"
import * as Process from "./RedisProcess.ts"
import { redisPrograms } from "./RedisPrograms.ts"
import * as TestFolder from "./TestFolder.ts"

/** Three masters, each with a third of the hash slots, that one test has for itself and may kill. */
export interface RedisCluster {
  /** All three, separated by commas. */
  readonly url: Redacted.Redacted
  readonly ports: ReadonlyArray<number>
  /** SIGKILL to one of them. A third of the slots is gone until it is started again. */
  readonly kill9: (member: number) => Effect.Effect<void>
  /** Starts a killed one again: empty, with the slots it had. */
  readonly start: (member: number) => Effect.Effect<void, Error>
}

const shares = ["0-5460", "5461-10922", "10923-16383"]
const idOf = (member: number) => String(member + 1).repeat(40)

interface Place {
  readonly port: number
  readonly busPort: number
  readonly folder: string
}

/**
 * What a member knows of the cluster, as it would have written it down itself. Members that begin with it need no
 * introduction; a cluster made by `redis-cli --cluster create` takes a second longer, and needs that program.
 */
const nodesFile = (places: ReadonlyArray<Place>, own: number) =>
  places
    .map(
      ({ busPort, port }, member) =>
        `${idOf(member)} 127.0.0.1:${port}@${busPort} ${member === own ? "myself," : ""}master - 0 0 ${member + 1} connected ${shares[member]}\n`
    )
    .join("")
    .concat(`vars currentEpoch ${places.length} lastVoteEpoch 0\n`)

/** A cluster that takes commands for every slot. Everything goes with the scope. */
export const make = Effect.gen(function* () {
  const programs = redisPrograms
  if (programs === undefined) {
    return yield* Effect.die(new Error("There are no programs of Redis here; ask redisPrograms first"))
  }
  const places = yield* Effect.all(
    shares.map(() => Effect.all({ port: freePort, busPort: freePort, folder: TestFolder.make }))
  )
  const lives = new Map<number, Process.RedisProcess>()

  const start = Effect.fnUntraced(function* (member: number) {
    const place = places[member]
    if (place === undefined || lives.has(member)) {
      return yield* Effect.die(new Error(`There is no member ${member} to start`))
    }
    const { busPort, folder, port } = place
    const cluster = ["--cluster-enabled", "yes", "--cluster-port", String(busPort)]
    const settings = [...cluster, "--cluster-node-timeout", "1000"]
    lives.set(
      member,
      yield* Process.run(programs, { folder, port, settings, ready: "Cluster state changed: ok" })
    )
  })
  const kill9 = (member: number) =>
    Effect.suspend(() => {
      const running = lives.get(member)
      lives.delete(member)
      return running === undefined ? Effect.void : running.kill9
    })

  const members = [...places.keys()]
  yield* Effect.addFinalizer(() => Effect.forEach(members, kill9, { discard: true }))
  for (const [member, { folder }] of places.entries()) {
    yield* Effect.promise(() => writeFile(join(folder, "nodes.conf"), nodesFile(places, member)))
  }
  yield* Effect.forEach(members, start, { concurrency: "unbounded", discard: true })
  const hosts = places.map(({ port }) => `127.0.0.1:${port}`)
  return {
    url: Redacted.make(`redis://${hosts.join(",")}`),
    ports: places.map(({ port }) => port),
    kill9,
    start
  } satisfies RedisCluster
})
