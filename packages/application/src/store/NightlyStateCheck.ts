import { conversation } from "@indelible/domain/conversation/Conversation"
import { Effect } from "effect"
import { checkStates } from "./CheckStates.ts"
import { describeFinding, isFault } from "./StateFinding.ts"

const sampleSize = 200

const work = Effect.gen(function* () {
  const checked = yield* checkStates(conversation, sampleSize)
  const { events, findings, streams } = checked
  for (const finding of findings) {
    const told = describeFinding(finding)
    yield* isFault(finding) ? Effect.logError(`STATE OUT OF STEP: ${told}`) : Effect.logWarning(told)
  }
  yield* Effect.logInfo(
    `compared the states of ${streams} conversations with ${events} events: ${findings.length} findings`
  )
  return checked
})

/** Compares, every night, the kept states of 200 conversations with their events, and names each that differs. */
export const nightlyStateCheck = {
  name: "check-states",
  at: { hour: 3, minute: 30 },
  work
} as const
