import { readdir, readFile } from "node:fs/promises"
import { Effect } from "effect"

/** Of every Linux that Node runs on. */
const ticksPerSecond = 100

interface Stat {
  readonly parent: number
  readonly ticks: number
  /** Of children that have ended. */
  readonly pastTicks: number
}

/** `/proc/<pid>/stat`; undefined when the process is gone, or on a system without such files. */
const statOf = async (pid: number | string): Promise<Stat | undefined> => {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined)
  // The name of the program stands in brackets and may hold anything.
  const fields = text
    ?.slice(text.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number)
  if (fields === undefined) return undefined
  const sum = (from: number) => (fields[from] ?? Number.NaN) + (fields[from + 1] ?? Number.NaN)
  return { parent: fields[1] ?? Number.NaN, ticks: sum(11), pastTicks: sum(13) }
}

/** Seconds of CPU that a process has used. NaN where there is no `/proc`. */
export const cpuSeconds = (pid: number) =>
  Effect.map(
    Effect.promise(() => statOf(pid)),
    (stat) => (stat?.ticks ?? Number.NaN) / ticksPerSecond
  )

/** The same of a process and all its children, also those that have ended: a Postgres. */
export const familyCpuSeconds = (pid: number) =>
  Effect.promise(async () => {
    const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name))
    const children = (await Promise.all(pids.map(statOf))).filter((stat) => stat?.parent === pid)
    const parent = await statOf(pid)
    const own = parent === undefined ? Number.NaN : parent.ticks + parent.pastTicks
    return children.reduce((sum, stat) => sum + (stat?.ticks ?? 0), own) / ticksPerSecond
  })

/** Bytes of memory that a process has in use. NaN where there is no `/proc`. */
export const residentBytes = (pid: number) =>
  Effect.promise(async () => {
    const text = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "")
    return Number(/VmRSS:\s+(\d+) kB/.exec(text)?.[1] ?? Number.NaN) * 1_024
  })
