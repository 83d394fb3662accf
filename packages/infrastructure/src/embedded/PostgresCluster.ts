import { execFile } from "node:child_process"
import { randomBytes } from "node:crypto"
import { chown, mkdtemp, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { Clock, Effect, Redacted } from "effect"
import type { DataHome } from "./DataHome.ts"
import { type AccountUnavailable, DataUnusable, ServerFailed } from "./EmbeddedPostgresError.ts"
import type { PostgresBinaries } from "./PostgresBinaries.ts"
import { serverEnvironment } from "./PostgresProcess.ts"
import { notPermitted, type ServiceAccount } from "./ServiceAccount.ts"

/** An initialised data folder and the password of its superuser `app`. */
export interface PostgresCluster {
  /** PGDATA. */
  readonly directory: string
  readonly password: Redacted.Redacted
  /** Made just now. */
  readonly isNew: boolean
}

export const superuser = "app"
export const database = "indelible"

/** Of the service's database, on a server that runs on this cluster. */
export const urlOf = (password: Redacted.Redacted, port: number) =>
  Redacted.make(`postgresql://${superuser}:${Redacted.value(password)}@127.0.0.1:${port}/${database}`)

/** Half-made folders of starts that were killed; older than this, no start can still be working in one. */
const abandonedAfterMillis = 3_600_000

const tried = <A>(path: string, detail: string, run: () => Promise<A>) =>
  Effect.tryPromise({ try: run, catch: (cause) => new DataUnusable({ path, detail, cause }) })

/**
 * Locale and encoding are never left to the environment. lc_ctype must be C.UTF-8: under C, pg_trgm sees only ASCII.
 * Unlike in tests, initdb flushes what it wrote: acknowledged messages must not hang on a catalog still in memory.
 */
const initdb = (
  binaries: PostgresBinaries,
  account: ServiceAccount | undefined,
  directory: string,
  passwordFile: string
) =>
  Effect.callback<void, ServerFailed | AccountUnavailable>((resume, signal) => {
    const locale =
      binaries.major >= 17
        ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        : ["--locale-provider=libc"]
    const failed = (cause: Error, stderr: string) =>
      new ServerFailed({ program: "initdb", output: stderr.trim().slice(-2000) || cause.message, cause })
    try {
      execFile(
        join(binaries.bin, "initdb"),
        [
          ...[
            "-D",
            directory,
            "-U",
            superuser,
            "-A",
            "scram-sha-256",
            `--pwfile=${passwordFile}`,
            "-E",
            "UTF8"
          ],
          ...["--locale=C.UTF-8", ...locale, "--no-instructions"]
        ],
        {
          cwd: "/",
          env: serverEnvironment(binaries),
          signal,
          windowsHide: true,
          ...(account && { uid: account.uid, gid: account.gid })
        },
        (cause, _stdout, stderr) => resume(cause === null ? Effect.void : Effect.fail(failed(cause, stderr)))
      )
    } catch (cause) {
      resume(Effect.fail(notPermitted(account, cause)))
    }
  })

/** Without this the rename could be forgotten by a power cut that the files inside survive. */
const flushFolder = async (path: string) => {
  if (process.platform === "win32") return
  const folder = await open(path, "r")
  await folder.sync().finally(() => folder.close())
}

const removeAbandoned = async (home: string, now: number) => {
  for (const name of await readdir(home)) {
    if (!name.startsWith(".unfinished-")) continue
    const path = join(home, name)
    const made = await stat(path).then(
      (found) => found.mtimeMs,
      () => now
    )
    if (now - made > abandonedAfterMillis) await rm(path, { recursive: true, force: true })
  }
}

export const readPassword = (folder: string) =>
  Effect.map(
    tried(folder, "the password file beside the data cannot be read", () =>
      readFile(join(folder, "password"), "utf8")
    ),
    (text) => Redacted.make(text.trim())
  )

/** Everything happens in a folder of its own that gets its name at the end: there is no half-made cluster. */
const create = Effect.fn("PostgresCluster.create")(function* (
  home: DataHome,
  binaries: PostgresBinaries,
  folder: string
) {
  const now = yield* Clock.currentTimeMillis
  yield* tried(home.path, "old unfinished folders cannot be removed", () => removeAbandoned(home.path, now))
  const unfinished = yield* Effect.acquireRelease(
    tried(home.path, "it cannot be written", () => mkdtemp(join(home.path, ".unfinished-"))),
    (path) =>
      Effect.ignore(tried(path, "it cannot be removed", () => rm(path, { recursive: true, force: true })))
  )
  const passwordFile = join(unfinished, "password")
  yield* tried(unfinished, "it cannot be given to the server's account", async () => {
    await writeFile(passwordFile, `${randomBytes(24).toString("hex")}\n`, { mode: 0o600, flush: true })
    if (home.account === undefined) return
    await chown(passwordFile, home.account.uid, home.account.gid)
    await chown(unfinished, home.account.uid, home.account.gid)
  })
  yield* initdb(binaries, home.account, join(unfinished, "data"), passwordFile)
  yield* tried(folder, "the new database cannot be put there", async () => {
    await rename(unfinished, folder).catch((error: NodeJS.ErrnoException) => {
      // Somebody started at the same moment and was faster: theirs is as good, ours is removed with the scope.
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST" && error.code !== "EPERM") throw error
    })
    await flushFolder(home.path)
  })
}, Effect.scoped)

/** The cluster of this Postgres in `home`, made when there is none. */
export const ensure = Effect.fn("PostgresCluster.ensure")(function* (
  home: DataHome,
  binaries: PostgresBinaries
) {
  const folder = join(home.path, `postgres-${binaries.major}`)
  const isNew = !home.majors.includes(binaries.major)
  if (isNew) {
    if (home.majors.length > 0) {
      return yield* new DataUnusable({
        path: home.path,
        detail: `it holds data of Postgres ${home.majors.join(", ")}, and this is Postgres ${binaries.major}`
      })
    }
    yield* create(home, binaries, folder)
  }
  const password = yield* readPassword(folder)
  return { directory: join(folder, "data"), password, isNew } satisfies PostgresCluster
})
