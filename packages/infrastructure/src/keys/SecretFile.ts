import { link, mkdir, open, readFile, rm, stat, writeFile } from "node:fs/promises"
import { dirname } from "node:path"
import { Data, Effect, Redacted } from "effect"
import { SecureRandom } from "effect/crypto"

/** Why a secret's file cannot be used. */
export class SecretFileUnusable extends Data.TaggedError("SecretFileUnusable")<{
  readonly reason: "inaccessible" | "exposed"
  readonly cause?: unknown
}> {}

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

/** Until its folder is flushed too, a power cut may forget the file, and with it everything that needs the secret. */
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
 * The text of a secret's file: 32 random bytes in hexadecimal, made on first use with mode 0600. Processes that start at
 * once agree on one. A file that other accounts may read is refused.
 */
export const readOrMake = Effect.fn("SecretFile.readOrMake")(function* (path: string) {
  const random = yield* SecureRandom.SecureRandom
  const tried = <A>(run: () => Promise<A>) =>
    Effect.tryPromise({
      try: run,
      catch: (cause) => new SecretFileUnusable({ reason: "inaccessible", cause })
    })

  let found = yield* tried(() => read(path))
  if (found === undefined) {
    const secret = Buffer.from(yield* random.randomBytes(32)).toString("hex")
    const unique = yield* random.uuidV4()
    yield* tried(() => create(path, `${secret}\n`, unique))
    found = yield* tried(() => read(path))
  }
  if (found === undefined) return yield* new SecretFileUnusable({ reason: "inaccessible" })
  if (found.exposed) return yield* new SecretFileUnusable({ reason: "exposed" })
  return Redacted.make(found.text.trim())
})
