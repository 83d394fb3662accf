import { percentile } from "../../bench/Latencies.ts"
import { type Device, devicesIn } from "./Devices.ts"
import { isOk, nameOf } from "./Sends.ts"
import type { Outage, Story } from "./Story.ts"
import type { Violation } from "./Violation.ts"

/** Milliseconds within which a connected device must have what was acknowledged, and 95 of 100 must have it. */
export const latest = 5_000
export const usual = 2_000

const broken = (kind: string, detail: string): Violation => ({ invariant: "I5", kind, detail })

/** A message that was acknowledged, and when. */
interface Acknowledged {
  readonly conv: string
  readonly pos: number
  readonly at: number
}

const acknowledged = ({ sends: { attempts, log } }: Story): ReadonlyArray<Acknowledged> => {
  const firstOk = new Map<string, number>()
  for (const attempt of attempts) {
    if (!isOk(attempt)) continue
    const name = nameOf(attempt)
    firstOk.set(name, Math.min(firstOk.get(name) ?? Number.POSITIVE_INFINITY, attempt.ended))
  }
  return log.flatMap((event) => {
    const at = firstOk.get(nameOf(event))
    return event.message === null || at === undefined ? [] : [{ conv: event.stream, pos: event.pos, at }]
  })
}

const isOutage = ({ kind }: Outage) => kind !== "losable"

/**
 * By when a device that is connected from `from` on must have it: what was down meanwhile has to come back first, unless
 * it was another node than its own.
 */
const dueAfter = (from: number, node: string, { outages, slack }: Story) => {
  let due = from + slack * latest
  const excuses = outages.filter((outage) => isOutage(outage) && (outage.node ?? node) === node)
  for (const outage of excuses.toSorted((a, b) => a.from - b.from)) {
    if (outage.from <= due && outage.to >= from) due = Math.max(due, outage.to + slack * latest)
  }
  return due
}

const lateOn = (device: Device, { at, pos }: Acknowledged, story: Story) => {
  const had = device.had.get(pos) ?? Number.POSITIVE_INFINITY
  for (const session of device.sessions) {
    const from = Math.max(session.from, at)
    const due = dueAfter(from, session.node, story)
    if (due > session.to || had <= due) continue
    const after = had === Number.POSITIVE_INFINITY ? "never" : `${((had - from) / 1_000).toFixed(1)} s later`
    return [
      broken(
        "late",
        `${device.name} ${device.conv} ${pos}: due ${((due - from) / 1_000).toFixed(1)} s after ok and connected, had ${after}`
      )
    ]
  }
  return []
}

/** How long messages took to devices that were connected when they were acknowledged, in milliseconds, sorted. */
export interface Delays {
  /** While all was well: nothing was down, or had been for 5 s. */
  readonly calm: ReadonlyArray<number>
  /** Of these the ones after all that was down. */
  readonly after: ReadonlyArray<number>
  readonly all: ReadonlyArray<number>
}

const pairsIn = (story: Story) => {
  const devices = Map.groupBy(devicesIn(story), ({ conv }) => conv)
  return acknowledged(story).flatMap((message) =>
    (devices.get(message.conv) ?? []).map((device) => ({ device, message }))
  )
}

export const delaysIn = (story: Story): Delays => {
  const outages = story.outages.filter(isOutage)
  const lastEnd = Math.max(...outages.map(({ to }) => to))
  const calm: Array<number> = []
  const after: Array<number> = []
  const all: Array<number> = []
  for (const { device, message } of pairsIn(story)) {
    const had = device.had.get(message.pos)
    const connected = device.sessions.some(({ from, to }) => from <= message.at && to >= message.at)
    if (had === undefined || !connected) continue
    const delay = Math.max(0, had - message.at)
    all.push(delay)
    if (outages.some(({ from, to }) => from <= had && to + story.slack * latest >= message.at)) continue
    calm.push(delay)
    if (outages.length > 0 && message.at > lastEnd) after.push(delay)
  }
  const sorted = (delays: Array<number>) => delays.sort((a, b) => a - b)
  return { calm: sorted(calm), after: sorted(after), all: sorted(all) }
}

const slow = (story: Story) => {
  const { after, calm } = delaysIn(story)
  const spans = { "while all was well": calm, "after all of it was over": after }
  return Object.entries(spans).flatMap(([when, delays]) => {
    const p95 = percentile(delays, 95)
    return delays.length === 0 || p95 < story.slack * usual
      ? []
      : [broken("slow", `${when}, 5 of 100 took ${p95.toFixed(0)} ms or longer`)]
  })
}

/** In the end every device that is connected has every message there is, acknowledged or not. */
const missing = (story: Story) => {
  const messages = Map.groupBy(
    story.sends.log.filter(({ message }) => message !== null),
    ({ stream }) => stream
  )
  return devicesIn(story).flatMap((device) =>
    device.endsConnected
      ? (messages.get(device.conv) ?? []).flatMap(({ pos }) =>
          device.had.has(pos) ? [] : [broken("missing", `${device.name} ${device.conv} ${pos}: never there`)]
        )
      : []
  )
}

/** What was acknowledged is on every connected device of both people in time, without being asked for. */
export const delivered = (story: Story): ReadonlyArray<Violation> => [
  ...pairsIn(story).flatMap(({ device, message }) => lateOn(device, message, story)),
  ...missing(story),
  ...slow(story)
]
