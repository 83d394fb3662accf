import { chmod, glob, mkdtemp, readdir, readFile, readlink, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { isPostmaster } from "@indelible/infrastructure/embedded/PostmasterFile"
import { choose, firstBarrier } from "@indelible/infrastructure/embedded/ServiceAccount"
import { Effect } from "effect"

const prefix = "indelible-test-"

/** The account that root starts servers under must get there, or the server would put its data elsewhere. */
const base = Effect.gen(function* () {
  const account = yield* choose(undefined)
  for (const folder of [tmpdir(), "/tmp", "/var/tmp"]) {
    if ((yield* Effect.promise(() => firstBarrier(folder, account))) === undefined) return folder
  }
  return tmpdir()
})

/** A temporary folder that other accounts can reach, removed with the scope. */
export const make = Effect.acquireRelease(
  Effect.flatMap(base, (folder) =>
    Effect.promise(async () => {
      const path = await mkdtemp(join(folder, `${prefix}${process.pid}-`))
      await chmod(path, 0o755)
      return path
    })
  ),
  (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
)

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Servers of Redis and of the product work in their folder; a process that got its number meanwhile works elsewhere. Linux only. */
const worksIn = (pid: number, folder: string) =>
  readlink(`/proc/${pid}/cwd`).then(
    (found) => found === folder,
    () => false
  )

const stopServersIn = async (folder: string) => {
  for await (const file of glob(join(folder, "**", "postmaster.pid"))) {
    const pid = Number.parseInt(await readFile(file, "utf8"), 10)
    if (await isPostmaster(pid, dirname(file))) process.kill(pid, "SIGKILL")
  }
  for await (const file of glob(join(folder, "**", "{redis,node}.pid"))) {
    const pid = Number.parseInt(await readFile(file, "utf8"), 10)
    if (await worksIn(pid, dirname(file))) process.kill(pid, "SIGKILL")
  }
}

/** Removes what test runs left that were killed, servers included: each would keep its memory for ever. */
export const removeAbandoned = Effect.flatMap(base, (folder) =>
  Effect.promise(async () => {
    const names = await readdir(folder)
    for (const name of names.filter((found) => found.startsWith(prefix))) {
      if (isAlive(Number.parseInt(name.slice(prefix.length), 10))) continue
      await stopServersIn(join(folder, name))
      await rm(join(folder, name), { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    }
  })
)
