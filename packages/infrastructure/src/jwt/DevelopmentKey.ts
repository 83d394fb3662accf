import { link, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises"
import { dirname } from "node:path"
import { Effect, Redacted, Schema } from "effect"
import { SecureRandom } from "effect/crypto"

/** The file with the key of development sign-in cannot be used. It holds nothing of worth: removing it is safe. */
export class DevelopmentKeyUnusable extends Schema.TaggedError<DevelopmentKeyUnusable>()(
  "DevelopmentKeyUnusable",
  { path: Schema.String, detail: Schema.String, cause: Schema.optionalKey(Schema.Defect()) }
) {
  override get message() {
    return `the key of development sign-in, ${this.path}, ${this.detail}`
  }
}

const isCode = (error: unknown, code: string) =>
  error instanceof Error && "code" in error && error.code === code

const read = async (path: string) => {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (isCode(error, "ENOENT")) return undefined
    throw error
  })
  if (text === undefined) return undefined
  // Windows has no such bits.
  const exposed = process.platform !== "win32" && ((await stat(path)).mode & 0o077) !== 0
  return { text: text.trim(), exposed }
}

/** Complete or not there, and of two processes that make it at once one wins for both. */
const create = async (path: string, text: string, unique: string) => {
  const draft = `${path}.${unique}`
  await mkdir(dirname(path), { recursive: true })
  try {
    await writeFile(draft, `${text}\n`, { flag: "wx", mode: 0o600 })
    await link(draft, path).catch((error: unknown) => {
      if (!isCode(error, "EEXIST")) throw error
    })
  } finally {
    await rm(draft, { force: true })
  }
}

/** The key in the file `path` (mode 0600), made on first use: sign-ins outlive a restart and are never the same twice. */
export const open = Effect.fn("DevelopmentKey.open")(function* (path: string) {
  const random = yield* SecureRandom.SecureRandom
  const unusable = (detail: string, cause?: unknown) =>
    new DevelopmentKeyUnusable({ path, detail, ...(cause !== undefined && { cause }) })
  const tried = <A>(run: () => Promise<A>) =>
    Effect.tryPromise({ try: run, catch: (cause) => unusable("cannot be read or made", cause) })

  let found = yield* tried(() => read(path))
  if (found === undefined) {
    const key = Buffer.from(yield* random.randomBytes(32)).toString("hex")
    const unique = yield* random.uuidV4()
    yield* tried(() => create(path, key, unique))
    found = yield* tried(() => read(path))
  }
  if (found === undefined) return yield* unusable("disappeared while it was being made")
  if (found.exposed) return yield* unusable("may be read by other accounts; remove it and start again")
  if (!/^[0-9a-f]{64}$/.test(found.text)) return yield* unusable("is damaged; remove it and start again")
  return Redacted.make(found.text, { label: "development key" })
})
