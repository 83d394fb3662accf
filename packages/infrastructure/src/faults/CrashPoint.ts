import { readFileSync, rmSync } from "node:fs"

/** Where a process can be told to die, to show what survives it. */
export type CrashPoint =
  /** Decided and encrypted, not yet sent to the database. */
  | "append.before-commit"
  /** Committed, nobody has been answered. */
  | "append.after-commit"
  /** The sender's socket was answered, nobody else on this node has been told. */
  | "send.after-ack"

const inProduction = process.env.NODE_ENV === "production"
const armed = inProduction ? undefined : process.env.INDELIBLE_CRASH_POINT
/** A file by which a running process is armed: it holds what INDELIBLE_CRASH_POINT would. */
const file = inProduction ? undefined : process.env.INDELIBLE_CRASH_FILE

let reached = 0

const inFile = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8")
  } catch {
    // Not armed.
    return undefined
  }
}

/** `<point>`, or `<point>:<n>` for the n-th time that it is reached. */
const isDue = (point: CrashPoint, order: string | undefined): boolean => {
  const [where, times = "1"] = order?.split(":") ?? []
  if (where !== point) return false
  reached += 1
  return reached >= Number(times)
}

/** Kills this process on the spot, as a power cut would, if it was told to die at this point. */
export const reach = (point: CrashPoint): void => {
  if (armed === undefined && file === undefined) return
  const fromFile = file === undefined ? undefined : inFile(file)
  if (!isDue(point, armed ?? fromFile)) return
  // Its successor reads the same file.
  if (file !== undefined) rmSync(file, { force: true })
  process.kill(process.pid, "SIGKILL")
}
