import { spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { PgClient } from "@effect/sql-pg"
import { digestsOf } from "@indelible/projections/engine/build/Digest"
import * as Sets from "@indelible/projections/engine/Sets"
import { projections } from "@indelible/projections/projections"
import { Console, Effect, Redacted, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { benchDatabase } from "../BenchDatabase.ts"
import { median } from "../Latencies.ts"
import { fillLog } from "../log/SyntheticLog.ts"
import { benchParts } from "./BenchParts.ts"
import { loadDecoded } from "./DecodedLog.ts"
import { floorOf } from "./Floors.ts"

const sizes = { small: 100_000, large: 1_000_000 }
const rounds = 3

const Measured = Schema.fromJsonString(
  Schema.Struct({
    seconds: Schema.Number,
    readSeconds: Schema.optionalKey(Schema.Number),
    cpuSeconds: Schema.Number,
    peakMegabytes: Schema.Number
  })
)

/** A process of its own, so that its memory is its own. */
const child = Effect.fnUntraced(function* (
  mode: "rebuild" | "decode",
  projection: string,
  url: Redacted.Redacted,
  masterKey: Redacted.Redacted
) {
  const output = yield* Effect.callback<string, Error>((resume) => {
    const program = new URL("./child.ts", import.meta.url).pathname
    const process_ = spawn(process.execPath, [program, mode, projection], {
      env: { ...process.env, BENCH_URL: Redacted.value(url), BENCH_MASTER_KEY: Redacted.value(masterKey) },
      stdio: ["ignore", "pipe", "inherit"]
    })
    let text = ""
    process_.stdout.on("data", (data) => {
      text += String(data)
    })
    process_.on("close", (code) =>
      resume(
        code === 0 ? Effect.succeed(text) : Effect.fail(new Error(`${mode} ${projection}: exit ${code}`))
      )
    )
    return Effect.sync(() => process_.kill("SIGKILL"))
  })
  const line = output.trim().split("\n").at(-1) ?? ""
  return yield* Schema.decodeUnknownEffect(Measured)(line)
})

const tell = (what: string) => (events: number) => {
  if (events % 50_000 === 0 || process.stderr.isTTY) process.stderr.write(`${what}: ${events} events\n`)
}

const rate = (events: number, seconds: number) => Math.round(events / seconds)

/** The floor, on tables as the rebuild makes them; and whether it made the same rows. */
const floor = Effect.fnUntraced(function* (projection: (typeof projections)[number]) {
  const schema = `${projection.name}_floor`
  const sql = yield* SqlClient.SqlClient
  yield* sql`DROP SCHEMA IF EXISTS ${sql(schema)} CASCADE`
  yield* projection.createTables(schema)
  const begin = performance.now()
  yield* floorOf(projection.name, schema)
  yield* projection.createIndexes(schema)
  const seconds = (performance.now() - begin) / 1_000
  const [made, rebuilt] = [
    yield* digestsOf(schema, projection.tables, projection.stream, []),
    yield* digestsOf(Sets.shadowOf(projection.name), projection.tables, projection.stream, [])
  ]
  const same = [...made].every(([key, { digest }]) => rebuilt.get(key)?.digest === digest)
  return { seconds, sameRows: same && made.size === rebuilt.size }
})

const measureOne = Effect.fnUntraced(function* (
  projection: (typeof projections)[number],
  url: Redacted.Redacted,
  masterKey: Redacted.Redacted,
  events: number,
  peakSmall: number
) {
  const runs: Array<{
    readonly rebuild: typeof Measured.Type
    readonly floor: number
    readonly sameRows: boolean
  }> = []
  for (let round = 0; round < rounds; round++) {
    yield* Console.error(`round ${round + 1} of ${rounds}: ${projection.name}`)
    const rebuild = yield* child("rebuild", projection.name, url, masterKey)
    const { sameRows, seconds } = yield* floor(projection)
    runs.push({ rebuild, floor: seconds, sameRows })
  }
  const decode = yield* child("decode", projection.name, url, masterKey)
  const rebuildSeconds = runs.map(({ rebuild }) => rebuild.seconds)
  const ratio = median(runs.map(({ floor, rebuild }) => floor / rebuild.seconds))
  const peak = Math.max(...runs.map(({ rebuild }) => rebuild.peakMegabytes))
  return {
    projection: projection.name,
    eventsPerSecond: rate(events, median(rebuildSeconds)),
    lowest: rate(events, Math.max(...rebuildSeconds)),
    highest: rate(events, Math.min(...rebuildSeconds)),
    floorPerSecond: rate(events, median(runs.map(({ floor }) => floor))),
    ofTheFloor: Number(ratio.toFixed(2)),
    sameRows: runs.every(({ sameRows }) => sameRows),
    decodeSeconds: Number((decode.seconds - (decode.readSeconds ?? 0)).toFixed(1)),
    readSeconds: Number((decode.readSeconds ?? 0).toFixed(1)),
    nodeCpuSeconds: Number(median(runs.map(({ rebuild }) => rebuild.cpuSeconds)).toFixed(1)),
    peakSmall,
    peakLarge: peak,
    met: ratio >= 1 / 3 && peak < 512 && peak < 1.5 * peakSmall
  }
})

const inDatabase = Effect.fn(function* (server: Redacted.Redacted, name: string) {
  const admin = Redacted.value(server)
  yield* Effect.provide(
    Effect.flatMap(SqlClient.SqlClient, (sql) => sql`CREATE DATABASE ${sql(name)}`),
    PgClient.layer({ url: server })
  )
  return Redacted.make(Object.assign(new URL(admin), { pathname: `/${name}` }).href)
})

/** Speed of rebuilding each read model beside one INSERT ... SELECT of the same rows, and its memory at two sizes. */
export const projectionsBench = ({ json }: { readonly json: boolean }) =>
  Effect.scoped(
    Effect.gen(function* () {
      const { url: server } = yield* benchDatabase
      const masterKey = Redacted.make(randomBytes(32).toString("hex"))
      const small = yield* inDatabase(server, "small")
      yield* Effect.provide(
        fillLog({ events: sizes.small, onProgress: tell("small log") }),
        benchParts(small, masterKey)
      )
      const peaks = new Map<string, number>()
      for (const { name } of projections) {
        peaks.set(name, (yield* child("rebuild", name, small, masterKey)).peakMegabytes)
      }
      const large = yield* inDatabase(server, "large")
      const lines = yield* Effect.provide(
        Effect.gen(function* () {
          const { events } = yield* fillLog({ events: sizes.large, onProgress: tell("large log") })
          yield* loadDecoded(tell("decoding"))
          return yield* Effect.forEach(projections, (projection) =>
            measureOne(projection, large, masterKey, events, peaks.get(projection.name) ?? Number.NaN)
          )
        }),
        benchParts(large, masterKey)
      )
      if (json) return yield* Console.log(JSON.stringify({ lines }))
      yield* Effect.sync(() => {
        console.table(lines)
        console.log(
          "goal: a third of the floor; peak memory under 512 MB and the same for ten times the events"
        )
      })
    })
  )
