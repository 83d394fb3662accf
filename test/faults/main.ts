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
import { plantedBugs } from "./planted/plantedBugs.ts"
import { playAll } from "./playAll.ts"
import { countsOf, text } from "./Report.ts"

const usage = `usage: npm run faults -- [--quick] [--only F7,F10] [--planted] [--seed N] [--slack N] [--json] [--report file]

Plays faults against two nodes of the product while people talk over them, and checks all that they were promised.

  --quick      some seconds each, and two of the planted bugs, by the seed
  --only       these faults alone: ${acts.map(({ id }) => id).join(", ")}
  --planted    the planted bugs alone: ${plantedBugs.map(({ name }) => name).join("; ")}
  --seed N     the schedule of an earlier run
  --slack N    all times may be N times as long as promised, on a machine that has other things to do
  --json       the results for a program
  --report     writes what is printed to a file as well
`

const { values } = parseArgs({
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
})

const wrong = (what: string) => {
  process.stderr.write(`${what}\n\n${usage}`)
  process.exit(2)
}
const numberOf = (name: string, value: string, least: number) => {
  const number = Number(value)
  return Number.isFinite(number) && number >= least
    ? number
    : wrong(`--${name} ${value} is not a number from ${least} on`)
}

if (values.help) {
  process.stdout.write(usage)
  process.exit(0)
}
const only = values.only?.split(",")
const unknown = only?.filter((id) => !acts.some((act) => act.id === id)) ?? []
if (unknown.length > 0) wrong(`there is no ${unknown.join(", ")}`)
const seed = values.seed === undefined ? randomInt(2 ** 31) : numberOf("seed", values.seed, 0)
const slack = numberOf("slack", values.slack, 1)

/** Two of them in a quick run, other ones with another seed. */
const someBugs = plantedBugs.filter(
  (_, i) => (i - seed) % plantedBugs.length === 0 || (i - seed - 2) % plantedBugs.length === 0
)
const bugs = values.planted ? plantedBugs : only !== undefined ? [] : values.quick ? someBugs : plantedBugs

const program = Effect.gen(function* () {
  // Failed runs leave their histories here.
  const histories = join(import.meta.dirname, "../../node_modules/.cache/indelible/faults", String(seed))
  yield* Effect.promise(() => mkdir(histories, { recursive: true }))
  yield* removeAbandoned
  process.stderr.write(`seed ${seed}\n`)
  const results = yield* playAll({
    acts: values.planted ? [] : acts.filter(({ id }) => only?.includes(id) ?? true),
    bugs,
    seed,
    slack,
    quick: values.quick || values.planted,
    histories,
    tell: (line) => process.stderr.write(`${line}\n`)
  })
  const report = values.json ? JSON.stringify(results, null, 1) : text(results)
  process.stdout.write(`${report}\n`)
  const { report: file } = values
  if (file !== undefined) yield* Effect.promise(() => writeFile(file, `${report}\n`))
  const { failed } = countsOf(results)
  return failed === 0
})

NodeRuntime.runMain(program.pipe(Effect.provideService(References.MinimumLogLevel, "Error")), {
  teardown: (exit, onExit) => onExit(exit._tag === "Success" && exit.value ? 0 : 1)
})
