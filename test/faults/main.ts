// First: it compiles schemas that are made after it. The server does the same.
import "effect/schema/SchemaJITCompiler/enable"

import { randomInt } from "node:crypto"
import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { parseArgs } from "node:util"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Effect, References } from "effect"
import { removeAbandoned } from "../servers/TestFolder.ts"
import { acts } from "./acts/acts.ts"
import { f0 } from "./acts/Calm.ts"
import { plantedBugs } from "./planted/plantedBugs.ts"
import { playAll } from "./playAll.ts"
import { isGood, json, type Results, text } from "./Report.ts"
import { Slack } from "./Slack.ts"

const usage = `usage: npm run faults -- [--quick] [--only F7,F10] [--planted] [--seed N] [--slack N] [--json] [--report file]

Plays faults against two nodes of the product while people talk over them, and checks all that they were promised.

  --quick      some seconds each, and one of the planted bugs, by the seed
  --only       these faults alone: ${acts.map(({ id }) => id).join(", ")}
  --planted    the planted bugs alone: ${plantedBugs.map(({ name }) => name).join("; ")}
  --seed N     the schedule of an earlier run, which was quick or not like this one
  --slack N    all times may be N times as long as promised, on a machine that has other things to do
  --json       the results for a program
  --report     writes what is printed to a file as well
`

const wrong = (what: string): never => {
  process.stderr.write(`${what}\n\n${usage}`)
  process.exit(2)
}

const readFlags = () =>
  parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string" },
      planted: { type: "boolean", default: false },
      seed: { type: "string" },
      slack: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
      report: { type: "string" },
      help: { type: "boolean", default: false }
    }
  }).values

const flags = Effect.runSync(
  Effect.try({
    try: readFlags,
    catch: (error) => (error instanceof Error ? error.message : String(error))
  }).pipe(Effect.catch((what) => Effect.sync(() => wrong(what))))
)

if (flags.help) {
  process.stdout.write(usage)
  process.exit(0)
}

const seedIn = (value: string) =>
  /^\d+$/.test(value) && Number.isSafeInteger(Number(value))
    ? Number(value)
    : wrong(`--seed ${value} is not a whole number from 0 on`)
const slackIn = (value: string) => {
  const slack = Number(value)
  return Number.isFinite(slack) && slack >= 1 ? slack : wrong(`--slack ${value} is not a number from 1 on`)
}

const only = flags.only?.split(",")
const unknown = only?.filter((id) => !acts.some((act) => act.id === id)) ?? []
if (unknown.length > 0) wrong(`there is no ${unknown.join(", ")}`)
if (flags.planted && only !== undefined) wrong("--planted plays no faults: leave it out, or --only")
const seed = flags.seed === undefined ? randomInt(2 ** 31) : seedIn(flags.seed)
const slack = slackIn(flags.slack)

/** One of them in a quick run, another one with another seed. */
const someBugs = plantedBugs.filter((_, i) => i === seed % plantedBugs.length)
const bugs = flags.planted ? plantedBugs : only !== undefined ? [] : flags.quick ? someBugs : plantedBugs

const report = (results: Results) =>
  Effect.promise(async () => {
    const told = flags.json ? json(results) : text(results)
    process.stdout.write(`${told}\n`)
    if (flags.report !== undefined) await writeFile(flags.report, `${told}\n`)
  })

const program = Effect.gen(function* () {
  // Failed runs leave their histories here.
  const histories = join(import.meta.dirname, "../../node_modules/.cache/indelible/faults", String(seed))
  yield* Effect.promise(() => mkdir(histories, { recursive: true }))
  yield* removeAbandoned
  process.stderr.write(`seed ${seed}\n`)
  const results = yield* playAll({
    // Without bugs first: nothing may be found there.
    acts: flags.planted ? [f0] : acts.filter(({ id }) => only?.includes(id) ?? true),
    bugs,
    seed,
    slack,
    quick: flags.quick || flags.planted,
    // There everything that faults need is there, or the run shows less than it says.
    all: process.env.CI === "true",
    histories,
    tell: (line) => process.stderr.write(`${line}\n`),
    report
  })
  return isGood(results)
})

const run = program.pipe(
  Effect.provideService(Slack, slack),
  Effect.provideService(References.MinimumLogLevel, "Error")
)
NodeRuntime.runMain(run, {
  teardown: (exit, onExit) => onExit(exit._tag === "Success" && exit.value ? 0 : 1)
})
