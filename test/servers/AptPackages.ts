import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises"
import { dirname, join } from "node:path"
import { promisify } from "node:util"
import { choose, firstBarrier } from "@indelible/infrastructure/embedded/ServiceAccount"
import { Effect } from "effect"

const execute = promisify(execFile)
const run = (program: string, args: ReadonlyArray<string>, cwd = "/") =>
  execute(program, [...args], { cwd, maxBuffer: 1 << 26, env: { ...process.env, LC_ALL: "C" } }).then(
    ({ stdout }) => stdout
  )

/** Root downloads as root: apt's own account could not write into our folder. */
const unsandboxed = ["-o", "APT::Sandbox::User=root"]

/** Package lists of our own in `folder`, for a machine that has none (a container image) or lets only root make them. */
const privateLists = async (folder: string) => {
  await mkdir(join(folder, "lists", "partial"), { recursive: true })
  await mkdir(join(folder, "cache", "archives", "partial"), { recursive: true })
  const options = ["-o", `Dir::State=${folder}`, "-o", "Dir::State::status=/var/lib/dpkg/status"]
  const all = [...options, "-o", `Dir::Cache=${join(folder, "cache")}`, ...unsandboxed]
  await run("apt-get", [...all, "update"])
  return all
}

/** `name` and whatever of its dependencies this machine lacks. */
const closure = async (options: ReadonlyArray<string>, name: string) => {
  const plan = await run("apt-get", [...options, "-s", "install", "--no-install-recommends", name])
  return [...new Set([name, ...[...plan.matchAll(/^Inst (\S+)/gm)].map(([, found]) => found ?? name)])]
}

const download = async (options: ReadonlyArray<string>, name: string, folder: string) => {
  await mkdir(folder, { recursive: true })
  await run("apt-get", [...options, "download", ...(await closure(options, name))], folder)
}

const unpack = async (name: string, work: string, target: string) => {
  const archives = join(work, "archives")
  await download(unsandboxed, name, archives).catch(async () =>
    download(await privateLists(join(work, "apt")), name, archives)
  )
  for (const file of await readdir(archives)) await run("dpkg", ["-x", join(archives, file), target])
}

const cacheFor = async (name: string) => {
  const inRepository = join(import.meta.dirname, "../../node_modules/.cache/indelible", name)
  const account = await Effect.runPromise(choose(undefined))
  await mkdir(dirname(inRepository), { recursive: true })
  const barrier = await firstBarrier(dirname(inRepository), account)
  return barrier === undefined ? inRepository : join("/var/cache/indelible/test", name)
}

/**
 * The files of a Debian package and of what it needs, unpacked without installing anything and without being root:
 * once, then from `node_modules/.cache`. Fails with the reason when there is no apt, no network or no such package.
 *
 * @returns the folder that stands for `/`, and what LD_LIBRARY_PATH must be for its programs
 */
export const unpacked = (name: string, options?: { readonly fresh?: boolean }) =>
  Effect.tryPromise({
    try: async () => {
      const target = await cacheFor(name)
      if (options?.fresh === true) await rm(target, { recursive: true, force: true })
      if (!existsSync(target)) {
        await mkdir(dirname(target), { recursive: true })
        const work = await mkdtemp(`${target}-`)
        try {
          const root = join(work, "root")
          await mkdir(root, { mode: 0o755 })
          await unpack(name, work, root)
          await rename(root, target).catch((error: unknown) => {
            if (!existsSync(target)) throw error
          })
        } finally {
          await rm(work, { recursive: true, force: true })
        }
      }
      const triplets = (await readdir(join(target, "usr/lib"))).filter((folder) =>
        folder.includes("-linux-gnu")
      )
      const folders = triplets.flatMap((triplet) => [
        join(target, "usr/lib", triplet),
        join(target, "lib", triplet)
      ])
      return { root: target, libraries: folders.join(":") }
    },
    catch: (error) =>
      `apt could not provide ${name}: ${error instanceof Error ? error.message : String(error)}`
  })
