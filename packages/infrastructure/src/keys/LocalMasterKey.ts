import { link, mkdir, open, readFile, rm, stat, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { Effect, Layer, Redacted } from "effect"
import { SecureRandom } from "effect/crypto"
import * as AesMasterKey from "./AesMasterKey.ts"
import { parse } from "./EnvironmentMasterKey.ts"
import { MasterKey, MasterKeyRefused } from "./MasterKey.ts"

const fileName = "master-key"

const isCode = (error: unknown, code: string) =>
  error instanceof Error && "code" in error && error.code === code

const read = async (path: string) => {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (isCode(error, "ENOENT")) return undefined
    throw error
  })
  if (text === undefined) return undefined
  // Windows has no such bits; there the access list of the folder has to do.
  const exposed = process.platform !== "win32" && ((await stat(path)).mode & 0o077) !== 0
  return { text, exposed }
}

/** Until its folder is flushed too, a power cut may forget the file, and with it everything that was ever wrapped. */
const flushFolder = async (path: string) => {
  if (process.platform === "win32") return
  const folder = await open(path, "r")
  await folder.sync().finally(() => folder.close())
}

/** The file appears under its name complete or not at all, and of two that make it at once one wins for both. */
const create = async (path: string, text: string, unique: string) => {
  const draft = `${path}.${unique}`
  await mkdir(dirname(path), { recursive: true })
  try {
    await writeFile(draft, text, { flag: "wx", mode: 0o600, flush: true })
    await link(draft, path).catch((error: unknown) => {
      if (!isCode(error, "EEXIST")) throw error
    })
  } finally {
    await rm(draft, { force: true })
  }
  await flushFolder(dirname(path))
}

/**
 * The master key of a service on embedded parts: the file `master-key` (mode 0600, hexadecimal) in its data folder,
 * made on first use. Whoever has the file and a copy of the database can read everything, and without the file nobody
 * can: back it up apart from the data.
 */
export const layer = (dataDir: string) =>
  Layer.effect(
    MasterKey,
    Effect.gen(function* () {
      const random = yield* SecureRandom.SecureRandom
      const place = join(dataDir, fileName)
      const refuse = (detail: string, cause?: unknown) =>
        new MasterKeyRefused({ place, detail, ...(cause === undefined ? {} : { cause }) })
      const tried = <A>(run: () => Promise<A>) =>
        Effect.tryPromise({ try: run, catch: (cause) => refuse("cannot be read or made", cause) })

      let found = yield* tried(() => read(place))
      if (found === undefined) {
        const secret = Buffer.from(yield* random.randomBytes(32)).toString("hex")
        const unique = yield* random.uuidV4()
        yield* tried(() => create(place, `${secret}\n`, unique))
        found = yield* tried(() => read(place))
      }
      if (found === undefined) return yield* refuse("disappeared while it was being made")
      if (found.exposed) {
        return yield* refuse("may be read by other accounts; if nobody has, close it with chmod 600")
      }
      const key = yield* Effect.fromResult(parse(Redacted.make(found.text), place)).pipe(
        Effect.mapError(() =>
          refuse("is damaged; restore it from a backup, for a new key opens nothing that exists")
        )
      )
      return yield* AesMasterKey.make(key)
    })
  )
