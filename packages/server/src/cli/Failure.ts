import { Cause } from "effect"
import type { Command } from "effect/cli"
import { explain } from "../StartFailure.ts"
import type { indelibleCommand } from "./commands/IndelibleCommand.ts"

/** Everything that a command can fail with: one that has no status below does not compile. */
type Failure = Command.Error<typeof indelibleCommand>

/** How the shell is told what went wrong. Scripts rely on these numbers. */
const statuses = {
  /** It was carried out, and is not what one hopes for. */
  Unsuccessful: 1,
  LogCorrupted: 1,
  /** It was not done, and will not be done if asked again as it is. */
  NotConfirmed: 2,
  UnknownProjection: 2,
  BuildInProgress: 2,
  NoSuchBuild: 2,
  NothingToRollBackTo: 2,
  NotParked: 2,
  SettingProblem: 2,
  DatabaseNewerThanProgram: 2,
  DatabaseOlderThanProgram: 2,
  ValidationError: 2,
  ShowHelp: 2,
  /** What it needs cannot be reached now. */
  NoServiceRunning: 3,
  DataUnusable: 3,
  DatabaseUnreachable: 3,
  ReadModelUnavailable: 3,
  Unavailable: 3,
  /** The reader of a pipe has gone: as a program that the signal SIGPIPE ends, which is 13. */
  OutputClosed: 141,
  /** Somebody who was asked left by Ctrl-C, as below. */
  QuitError: 130
} as const satisfies Readonly<Record<Failure["_tag"] | "ShowHelp", number>>

const isKnown = (tag: string): tag is keyof typeof statuses => Object.hasOwn(statuses, tag)

const tagIn = (error: unknown) =>
  typeof error === "object" && error !== null && "_tag" in error ? String(error._tag) : ""

/** Interrupted by a signal, Ctrl-C being the usual one, which is 2. */
const interrupted = 130

export const statusOf = (cause: Cause.Cause<unknown>): number => {
  if (Cause.hasInterruptsOnly(cause)) return interrupted
  const tag = cause.reasons.flatMap((reason) => (reason._tag === "Fail" ? [tagIn(reason.error)] : []))[0]
  return tag !== undefined && isKnown(tag) ? statuses[tag] : 1
}

/** These have been told, or there is nobody left to tell. */
const silent = new Set(["Unsuccessful", "ShowHelp", "OutputClosed", "QuitError"])

/** What to say of it; null when nothing has to be said. */
export const tell = (cause: Cause.Cause<unknown>): string | null => {
  if (Cause.hasInterruptsOnly(cause)) return null
  const told = cause.reasons.some((reason) => reason._tag === "Fail" && silent.has(tagIn(reason.error)))
  return told ? null : explain(cause)
}
