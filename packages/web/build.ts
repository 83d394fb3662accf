import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { extname, join, relative } from "node:path"
import { brotliCompressSync, constants, gzipSync } from "node:zlib"

// Makes the messenger in `dist`, unless it is there already of the same sources: `npm run build`, and first in
// `npm start`. With `--before-start` no failure is one: the service runs without it, and says so itself.

const beforeStart = process.argv.includes("--before-start")
const web = import.meta.dirname
const repository = join(web, "../..")
const dist = join(web, "dist")
const stamp = join(dist, ".built")

/** What the messenger is made of; the lock file stands for everything that is installed. */
const sources = [
  ...["packages/web", "packages/client/src", "packages/domain/src", "packages/api/src"],
  ...["package-lock.json", "tsconfig.json", "tsconfig.browser.json"]
]

const isSource = (path: string) => !/^(?:dist|node_modules)\b|\.test\.tsx?$/.test(path)

const filesOf = (source: string): ReadonlyArray<string> => {
  const path = join(repository, source)
  if (extname(path) !== "" || !existsSync(path)) return existsSync(path) ? [path] : []
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(path, join(entry.parentPath, entry.name)))
    .filter(isSource)
    .toSorted()
    .map((name) => join(path, name))
}

const digest = () => {
  const hash = createHash("sha256")
  for (const path of sources.flatMap(filesOf)) {
    hash.update(`${relative(repository, path)}\n`).update(readFileSync(path))
  }
  return hash.digest("hex")
}

const toolsAreThere = () => {
  try {
    for (const tool of ["vite", "@vitejs/plugin-react"]) import.meta.resolve(tool)
    return true
  } catch {
    return false
  }
}

const compressible = new Set([".css", ".html", ".js", ".json", ".svg", ".txt", ".webmanifest"])

/** Nobody waits for `npm run build`; whoever starts the service for the first time does, 2 s for a tenth less. */
const brotliQuality = beforeStart ? 6 : constants.BROTLI_MAX_QUALITY

/** Made once here, so that no answer waits for it. */
const compress = () => {
  for (const name of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
    if (!compressible.has(extname(name))) continue
    const path = join(dist, name)
    const body = readFileSync(path)
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: brotliQuality,
      [constants.BROTLI_PARAM_SIZE_HINT]: body.length
    }
    const smaller = [
      [".br", brotliCompressSync(body, { params })] as const,
      [".gz", gzipSync(body, { level: 9 })] as const
    ]
    for (const [suffix, made] of smaller) if (made.length < body.length) writeFileSync(path + suffix, made)
  }
}

const make = async (made: string) => {
  const begun = performance.now()
  const { build } = await import("vite")
  await build({
    root: web,
    logLevel: "warn",
    // Warned of from a size on that is told elsewhere, by what a cold load takes.
    build: { outDir: dist, emptyOutDir: true, chunkSizeWarningLimit: 1_000 }
  })
  compress()
  // Last: what was not finished is made again.
  writeFileSync(stamp, made)
  process.stdout.write(`The messenger is built, in ${((performance.now() - begun) / 1_000).toFixed(1)} s.\n`)
}

const isBuilt = () => existsSync(stamp) && readFileSync(stamp, "utf8") === digest()

const main = async (): Promise<boolean> => {
  if (isBuilt()) return true
  if (toolsAreThere()) {
    await make(digest())
    return true
  }
  const state = existsSync(join(dist, "index.html")) ? "is of other sources" : "is not built"
  process.stderr.write(`The messenger ${state}, and what builds it is not installed: \`npm ci\` does that.\n`)
  return false
}

const built = await main().catch((error: unknown) => {
  process.stderr.write(
    `The messenger could not be built: ${error instanceof Error ? error.message : error}\n`
  )
  return false
})
process.exitCode = built || beforeStart ? 0 : 1
