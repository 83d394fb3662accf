import { parseArgs } from "node:util"
import { clientSize, messengerSizes, type Size } from "./size/BundleSizes.ts"
import { filledService } from "./size/FilledService.ts"
import { type Conditions, launch, talkOf, timeToType } from "./size/TimeToType.ts"

// `npm run size`: what the client and the messenger weigh, and how soon one can type on a first visit.

const RUNS = 5
const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } })

const visits: ReadonlyArray<readonly [name: string, conditions: Conditions]> = [
  ["this machine", { cpu: 1, fast3G: false }],
  ["4 times slower, Fast 3G", { cpu: 4, fast3G: true }]
]

const median = (sorted: ReadonlyArray<number>) =>
  Math.round(sorted[Math.floor(sorted.length / 2)] ?? Number.NaN)

const measureVisits = async () => {
  const service = await filledService()
  const browser = await launch()
  try {
    const talk = await talkOf(service.origin)
    const found: Array<{
      readonly name: string
      readonly millis: number
      readonly all: ReadonlyArray<number>
    }> = []
    for (const [name, conditions] of visits) {
      const all: Array<number> = []
      for (let run = 0; run < RUNS; run += 1) {
        all.push(Math.round(await timeToType(browser, service.origin, talk, conditions)))
      }
      found.push({ name, millis: median(all.toSorted((a, b) => a - b)), all })
    }
    return found
  } finally {
    await browser.close()
    await service.stop()
  }
}

const sizes = {
  "client, with everything": await clientSize([]),
  "client, without effect": await clientSize([/^effect(?:\/|$)/]),
  ...(({ scripts, styles }) => ({ "messenger, first scripts": scripts, "messenger, styles": styles }))(
    messengerSizes()
  )
}
const visited = await measureVisits()

const kilobytes = (bytes: number) => `${(bytes / 1_000).toFixed(1)} kB`.padStart(10)
const row = ([name, { brotli, gzip, minified }]: readonly [string, Size]) =>
  `  ${name.padEnd(26)}${[minified, gzip, brotli].map(kilobytes).join("")}`

if (values.json) process.stdout.write(`${JSON.stringify({ sizes, visits: visited }, null, 2)}\n`)
else {
  const lines = [
    `${"Bytes".padEnd(28)}${["minified", "gzip", "brotli"].map((name) => name.padStart(10)).join("")}`,
    ...Object.entries(sizes).map(row),
    "",
    `First visit to an open conversation until one can type: median of ${RUNS}`,
    ...visited.map(
      ({ all, millis, name }) => `  ${name.padEnd(26)}${`${millis} ms`.padStart(10)}   ${all.join(", ")}`
    )
  ]
  process.stdout.write(`${lines.join("\n")}\n`)
}
