import { percentile } from "../../bench/Latencies.ts"
import { delaysIn } from "./I5Delivered.ts"
import { isOk, tally } from "./Sends.ts"
import type { Story } from "./Story.ts"

/** How many messages devices had to ask for, because no frame brought them or they were away. */
const gapFilled = ({ takes }: Story) =>
  takes.reduce((sum, { seen, via }) => (via === "resume" ? sum + seen.length : sum), 0)

/** What happened, in numbers: a run in which nothing of what it is about happened has shown nothing. */
export const summarise = (story: Story) => {
  const { attempts } = story.sends
  const { errors, ...counts } = tally(attempts)
  const { after, all, calm } = delaysIn(story)
  const stalls = story.outages.filter(({ kind }) => kind === "stall")
  const answers = attempts
    .filter(isOk)
    .map(({ began, ended }) => ended - began)
    .sort((a, b) => a - b)
  return {
    counts: { ...counts, "gap-filled": gapFilled(story) },
    errors,
    /** From the answer to the sender until a connected device had it, in milliseconds. */
    delivery: {
      after: { count: after.length, p95: percentile(after, 95) },
      calm: { p50: percentile(calm, 50), p95: percentile(calm, 95) },
      all: { p50: percentile(all, 50), p95: percentile(all, 95), max: percentile(all, 100) }
    },
    /** How long the machine stood still in all, in milliseconds. */
    stalled: stalls.reduce((sum, { from, to }) => sum + to - from, 0),
    /** How long senders waited for an ok, in milliseconds. */
    answers: { p50: percentile(answers, 50), p95: percentile(answers, 95) }
  }
}

export type Summary = ReturnType<typeof summarise>
