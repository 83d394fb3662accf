import { createHash } from "node:crypto"
import { chmod, mkdir, readdir, realpath, stat } from "node:fs/promises"
import { dirname, join } from "node:path"
import { Effect } from "effect"
import { DataUnusable } from "./EmbeddedPostgresError.ts"
import * as PlaceId from "./PlaceId.ts"
import { choose, firstBarrier, type ServiceAccount } from "./ServiceAccount.ts"

/** The folder that holds our clusters (`postgres-18`, later `postgres-19`), and who runs the server in it. */
export interface DataHome {
  readonly path: string
  readonly account: ServiceAccount | undefined
  /** Major versions of Postgres that have a cluster here. */
  readonly majors: ReadonlyArray<number>
}

/** Where root puts what the server's account cannot reach in its own place. */
export interface Elsewhere {
  readonly data: string
  readonly programs: string
}
export const systemFolders: Elsewhere = { data: "/var/lib/indelible", programs: "/var/cache/indelible" }

const look = async (path: string) => {
  const names = await readdir(path).catch((error: NodeJS.ErrnoException): ReadonlyArray<string> => {
    if (error.code === "ENOENT") return []
    throw error
  })
  const clusters = names.filter((name) => /^postgres-\d+$/.test(name))
  const [first] = clusters
  const owner = first === undefined ? undefined : (await stat(join(path, first))).uid
  return { path, owner, majors: clusters.map((name) => Number(name.slice("postgres-".length))) }
}

const tried = <A>(path: string, detail: string, run: () => Promise<A>) =>
  Effect.tryPromise({ try: run, catch: (cause) => new DataUnusable({ path, detail, cause }) })

/**
 * Two clones of the project, also one copied from the other with its data folder, have places of their own by the path.
 * By the id a new folder at an old path begins anew: the old database cannot be opened, its master key went with the
 * folder.
 */
const placeOutside = (data: string, path: string, id: string) =>
  join(data, createHash("sha256").update(`${path}\n${id}`).digest("hex").slice(0, 16))

/** Where the data of a folder may be: in it, or where root put it. */
const placesOf = Effect.fnUntraced(function* (wanted: string, data: string) {
  const known =
    process.getuid?.() === 0
      ? yield* tried(wanted, "its id cannot be read", () => PlaceId.read(wanted))
      : undefined
  const places = known === undefined ? [wanted] : [wanted, placeOutside(data, wanted, known)]
  return yield* Effect.forEach(places, (path) => tried(path, "it cannot be read", () => look(path)))
})

const ifThere = (path: string) =>
  realpath(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined
    throw error
  })

/** The folders of the clusters that a data folder has, wherever they are; none if it does not exist. Only looks. */
export const clusters = Effect.fn("DataHome.clusters")(function* (
  dataDir: string,
  { data }: Elsewhere = systemFolders
) {
  const wanted = yield* tried(dataDir, "it cannot be read", () => ifThere(dataDir))
  const found = wanted === undefined ? [] : yield* placesOf(wanted, data)
  return found.flatMap(({ majors, path }) => majors.map((major) => join(path, `postgres-${major}`)))
})

/**
 * Finds the place for the data: `dataDir`, or, when root's other account cannot get there (a folder above is closed
 * to it), `elsewhere`/<hash of the path and of the folder's own id>.
 * Where data exists, it stays: a permission that changes must never look like an empty database.
 */
export const find = Effect.fn("DataHome.find")(function* (
  dataDir: string,
  { data }: Elsewhere = systemFolders
) {
  const wanted = yield* tried(dataDir, "it cannot be made", async () => {
    await mkdir(dataDir, { recursive: true })
    return realpath(dataDir)
  })
  const found = yield* placesOf(wanted, data)
  const existing = found.find(({ majors }) => majors.length > 0)
  const account = yield* choose(existing?.owner)
  const path = existing?.path ?? wanted
  const barrier = yield* tried(path, "a folder above it cannot be read", () => firstBarrier(path, account))
  const majors = existing?.majors ?? []
  if (barrier === undefined) return { path, account, majors } satisfies DataHome
  if (existing !== undefined) {
    return yield* new DataUnusable({
      path,
      detail: `it holds a database, but ${account?.name} may not pass through ${barrier}; open that folder (chmod o+x)`
    })
  }
  const id = yield* tried(wanted, "its id cannot be kept", () => PlaceId.readOrMake(wanted))
  const elsewhere = placeOutside(data, wanted, id)
  yield* tried(elsewhere, "it cannot be made", async () => {
    await mkdir(elsewhere, { recursive: true })
    // A strict umask would close them to the account again.
    for (const folder of [dirname(elsewhere), elsewhere]) await chmod(folder, 0o755)
  })
  yield* Effect.logInfo(
    `${account?.name} may not pass through ${barrier}, so the database goes to ${elsewhere}`
  )
  return { path: elsewhere, account, majors } satisfies DataHome
})
