import { parseArgs } from "node:util"
import { differencesIn } from "./check/Differences.ts"
import * as Check from "./check/Report.ts"
import { play } from "./check/Story.ts"
import { DemoFailure } from "./DemoFailure.ts"
import { progress } from "./world/Progress.ts"
import { report, reportJson } from "./world/Report.ts"
import { DemoStopped, make } from "./world/World.ts"

const usage = `Fills a running service, in development, with a small world: people, applications, and conversations over five months.
Run again it adds what is missing, and nothing twice.

  npm run demo [-- --json]
  npm run demo -- --check    two people talk by REST and WebSocket, and whether both see the same

INDELIBLE_URL  where the service is; http://127.0.0.1:3000 unless given
`

const originFrom = (text = "http://127.0.0.1:3000") => {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new DemoFailure("INDELIBLE_URL must be an address such as http://127.0.0.1:3000.")
  }
  return new URL(url.origin)
}

const printJson = (value: unknown) => process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)

const check = async (origin: URL, json: boolean): Promise<number> => {
  const story = await play(origin, (step) => {
    if (!json) process.stdout.write(`- ${step}\n`)
  })
  const differences = differencesIn(story)
  if (json) printJson(Check.reportJson(story, origin, differences))
  else process.stdout.write(Check.report(story, origin, differences))
  return differences.length === 0 ? 0 : 1
}

/** The first Ctrl-C lets it put the clock back; the second ends it as usual. */
const stopping = () => {
  const controller = new AbortController()
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => controller.abort())
  return controller.signal
}

const fill = async (origin: URL, json: boolean): Promise<number> => {
  const world = await make(origin, stopping(), json ? () => {} : progress(process.stdout))
  if (json) printJson(reportJson(origin, world))
  else process.stdout.write(report(origin, world))
  return 0
}

const options = {
  check: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
  json: { type: "boolean", default: false }
} as const

const wanted = (args: ReadonlyArray<string>) => {
  try {
    return parseArgs({ args: [...args], options }).values
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const main = async (args: ReadonlyArray<string>): Promise<number> => {
  const values = wanted(args)
  if (typeof values === "string") {
    process.stderr.write(`demo: ${values}\n\n${usage}`)
    return 2
  }
  if (values.help) {
    process.stdout.write(usage)
    return 0
  }
  const { json } = values
  try {
    const origin = originFrom(process.env.INDELIBLE_URL)
    return await (values.check ? check(origin, json) : fill(origin, json))
  } catch (error) {
    if (error instanceof DemoStopped) {
      process.stderr.write("\ndemo: stopped; run it again and it goes on\n")
      return 130
    }
    if (!(error instanceof DemoFailure)) throw error
    if (json) printJson({ ok: false, problem: error.message })
    process.stderr.write(`demo: ${error.message}\n`)
    return 1
  }
}

process.exitCode = await main(process.argv.slice(2))
