import { createHash } from "node:crypto"
import { readdir, readFile } from "node:fs/promises"
import { extname, join, relative, sep } from "node:path"
import { fileURLToPath } from "node:url"
import { Effect, Option } from "effect"

/** A file of the built messenger, as it is in memory from the start on. */
export interface BuiltFile {
  /** As browsers ask for it, `/assets/index-4f2a.js`. */
  readonly path: `/${string}`
  readonly contentType: string
  readonly body: Uint8Array
  /** Without quotes: of the content, so that every node has the same. */
  readonly digest: string
  /** The same made smaller, where the build made it. */
  readonly compressed: { readonly br?: Uint8Array; readonly gzip?: Uint8Array }
}

/** What the build may hold and what browsers take it for; what is not listed here is not served. */
const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2"
}

const isMissing = (error: unknown) => error instanceof Error && "code" in error && error.code === "ENOENT"

/** What is not there is none; whatever else keeps a file from being read means that the program is not whole. */
const ifThere = <A>(read: () => Promise<A>) =>
  Effect.tryPromise({ try: read, catch: (error) => error }).pipe(
    Effect.map(Option.some),
    Effect.catch((error) => (isMissing(error) ? Effect.succeedNone : Effect.die(error)))
  )

const namesIn = (folder: string) =>
  ifThere(() => readdir(folder, { recursive: true, withFileTypes: true })).pipe(
    Effect.map(Option.getOrElse(() => [])),
    Effect.map((entries) => entries.filter((entry) => entry.isFile())),
    Effect.map((entries) => entries.map(({ name, parentPath }) => relative(folder, join(parentPath, name))))
  )

/** All files of the folder that browsers may ask for; none while the messenger is not built. */
export const builtFiles = Effect.fn("BuiltFiles.read")(function* (folder: URL) {
  const root = fileURLToPath(folder)
  const names = yield* namesIn(root)
  const served = names.flatMap((name) => {
    const contentType = types[extname(name)]
    return contentType === undefined || name.startsWith(".") ? [] : [{ name, contentType }]
  })
  return yield* Effect.forEach(
    served,
    Effect.fnUntraced(function* ({ contentType, name }) {
      const read = (suffix: string) => ifThere(() => readFile(join(root, name + suffix)))
      const [body, br, gzip] = yield* Effect.all([read(""), read(".br"), read(".gz")])
      if (Option.isNone(body)) return yield* Effect.die(new Error(`${name} went away while it was read`))
      const file: BuiltFile = {
        path: `/${name.split(sep).join("/")}`,
        contentType,
        body: body.value,
        digest: createHash("sha256").update(body.value).digest("base64url").slice(0, 22),
        compressed: {
          ...(Option.isSome(br) && { br: br.value }),
          ...(Option.isSome(gzip) && { gzip: gzip.value })
        }
      }
      return file
    }),
    { concurrency: 16 }
  )
})
