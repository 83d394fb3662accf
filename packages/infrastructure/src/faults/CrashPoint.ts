/** Where a process can be told to die, to show what survives it. */
export type CrashPoint =
  /** Decided and encrypted, not yet sent to the database. */
  | "append.before-commit"
  /** Committed, nobody has been answered. */
  | "append.after-commit"

const armed = process.env.NODE_ENV === "production" ? undefined : process.env.INDELIBLE_CRASH_POINT

/** Kills this process on the spot, as a power cut would, if INDELIBLE_CRASH_POINT names this point. */
export const reach = (point: CrashPoint): void => {
  if (armed === point) process.kill(process.pid, "SIGKILL")
}
