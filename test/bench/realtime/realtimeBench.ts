import { randomBytes } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { availableParallelism, loadavg, tmpdir } from "node:os"
import { join } from "node:path"
import { Console, Effect, Redacted } from "effect"
import { environment } from "../../servers/Platform.ts"
import { benchDatabase } from "../BenchDatabase.ts"
import type { BenchOptions } from "../BenchOptions.ts"
import { liveService } from "../LiveService.ts"
import { benchParts } from "../projections/BenchParts.ts"
import { clientProcess } from "./client/ClientProcess.ts"
import { type Phase, phases } from "./Phase.ts"
import { populate } from "./Population.ts"
import { collectable } from "./phases/Connections.ts"
import { type Report, rounded } from "./Report.ts"
import { full, quick, type Scale } from "./Scale.ts"

const chosen = (only: ReadonlyArray<string>) => {
  const names = phases.map(({ name }) => name)
  const unknown = only.filter((name) => !names.includes(name))
  return unknown.length === 0
    ? Effect.succeed(phases.filter(({ name }) => only.length === 0 || only.includes(name)))
    : Effect.fail(new Error(`no phase ${unknown.join(", ")}; there are ${names.join(", ")}`))
}

/** Load of the whole machine over the last minute: beside more than one a core, times are those of waiting for the other. */
const load = () => rounded(loadavg()[0] ?? Number.NaN)

interface Found extends Report {
  readonly phase: string
  /** When it ended. */
  readonly load: number
}

/** Runs these phases one after the other on one service, whose database is durable and its own. */
const measure = Effect.fnUntraced(function* (todo: ReadonlyArray<Phase>, scale: Scale) {
  const { pid, url } = yield* benchDatabase
  const masterKey = Redacted.make(randomBytes(32).toString("hex"))
  const dataDir = yield* Effect.acquireRelease(
    Effect.promise(() => mkdtemp(join(tmpdir(), "indelible-bench-data-"))),
    (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
  )
  const all = Effect.gen(function* () {
    const freshService = (more: Readonly<Record<string, string>>) =>
      liveService({
        url,
        masterKey,
        dataDir,
        environment: { ...environment, ...more },
        node: collectable
      })
    const service = yield* freshService({})
    const client = yield* clientProcess
    const most = (of: (phase: Phase) => number) => Math.max(...todo.map(of))
    const population = yield* populate(
      service.origin,
      most(({ people }) => people(scale)),
      most(({ conversing }) => conversing(scale))
    )
    return yield* Effect.forEach(
      todo,
      Effect.fnUntraced(function* ({ name, run }) {
        const report = yield* run({
          scale,
          service,
          freshService,
          client,
          population,
          postmaster: pid
        })
        return { phase: name, load: load(), ...report } satisfies Found
      })
    )
  })
  return yield* Effect.provide(all, benchParts(url, masterKey))
}, Effect.scoped)

const print = (phases: ReadonlyArray<Found>) => {
  for (const { load, phase, tables } of phases) {
    for (const [title, lines] of Object.entries(tables)) {
      console.log(`${title} (load average when ${phase} ended: ${load})`)
      console.table(lines)
    }
  }
  console.table(
    phases.flatMap(({ goals }) =>
      goals.map(({ met, ...goal }) => ({ ...goal, met: met ? "met" : "NOT MET" }))
    )
  )
}

/** What the gateway holds, delivers and survives, with clients in a process of their own. */
export const realtimeBench = Effect.fnUntraced(function* (options: BenchOptions) {
  const todo = yield* chosen(options.only)
  const machine = { cores: availableParallelism(), loadBefore: load() }
  const phases = yield* measure(todo, options.quick ? quick : full)
  if (options.json) return yield* Console.log(JSON.stringify({ quick: options.quick, machine, phases }))
  yield* Effect.sync(() => {
    console.log(`${machine.cores} cores, load average ${machine.loadBefore} before`)
    print(phases)
    if (options.quick) console.log("small numbers: the goals are about larger ones")
  })
})
