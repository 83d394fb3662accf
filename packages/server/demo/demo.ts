import { parseArgs } from "node:util"
import { DemoFailure } from "./DemoFailure.ts"
import { differencesIn } from "./Differences.ts"
import { report, reportJson } from "./Report.ts"
import { play } from "./Story.ts"

const usage = `Plays two people who talk through a running service, and prints their conversation as both see it.

  npm run demo [-- --json]

INDELIBLE_URL  where the service is; http://127.0.0.1:3000 unless given
`

const originFrom = (text = "http://127.0.0.1:3000") => {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new DemoFailure("INDELIBLE_URL must be an address such as http://127.0.0.1:3000.")
  }
  return new URL(url.origin)
}

const run = async (json: boolean): Promise<boolean> => {
  const origin = originFrom(process.env.INDELIBLE_URL)
  const story = await play(origin, (step) => {
    if (!json) process.stdout.write(`- ${step}\n`)
  })
  const differences = differencesIn(story)
  process.stdout.write(
    json
      ? `${JSON.stringify(reportJson(story, origin, differences), null, 2)}\n`
      : report(story, origin, differences)
  )
  return differences.length === 0
}

const main = async (args: ReadonlyArray<string>): Promise<number> => {
  const { help, json } = parseArgs({
    args: [...args],
    options: { help: { type: "boolean", default: false }, json: { type: "boolean", default: false } }
  }).values
  if (help) {
    process.stdout.write(usage)
    return 0
  }
  try {
    return (await run(json)) ? 0 : 1
  } catch (error) {
    if (!(error instanceof DemoFailure)) throw error
    if (json) process.stdout.write(`${JSON.stringify({ ok: false, problem: error.message }, null, 2)}\n`)
    process.stderr.write(`demo: ${error.message}\n`)
    return 1
  }
}

process.exitCode = await main(process.argv.slice(2))
