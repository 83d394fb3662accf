import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { brotliCompressSync, gzipSync } from "node:zlib"
import { build } from "vite"

/** Bytes, made small and compressed. */
export interface Size {
  readonly minified: number
  readonly gzip: number
  readonly brotli: number
}

const web = join(import.meta.dirname, "..")

const sizeOf = (parts: ReadonlyArray<string | Uint8Array>): Size => {
  const sum = (size: (part: Buffer) => number) =>
    parts.reduce((total, part) => total + size(Buffer.from(part)), 0)
  return {
    minified: sum(({ length }) => length),
    gzip: sum((part) => gzipSync(part, { level: 9 }).length),
    brotli: sum((part) => brotliCompressSync(part).length)
  }
}

/** What a program carries that uses all of the client, with or without what the registry has of it. */
export const clientSize = async (external: ReadonlyArray<RegExp>): Promise<Size> => {
  const made = await build({
    configFile: false,
    logLevel: "error",
    build: {
      ...{ write: false, target: "es2024", minify: true, modulePreload: false },
      rolldownOptions: {
        input: join(web, "../client/src/index.ts"),
        preserveEntrySignatures: "exports-only",
        external: [...external]
      }
    }
  })
  const outputs = [made].flat().flatMap((each) => ("output" in each ? each.output : []))
  return sizeOf(outputs.flatMap((output) => (output.type === "chunk" ? [output.code] : [])))
}

/** What the built messenger's page asks for before anything is done on it. */
export const messengerSizes = (): { readonly scripts: Size; readonly styles: Size } => {
  execFileSync(process.execPath, [join(web, "build.ts")], { stdio: ["ignore", "ignore", "inherit"] })
  const page = readFileSync(join(web, "dist/index.html"), "utf8")
  const named = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map(
    ([, name = ""]) => name
  )
  const read = (kind: string) =>
    sizeOf(named.filter((name) => name.endsWith(kind)).map((name) => readFileSync(join(web, "dist", name))))
  return { scripts: read(".js"), styles: read(".css") }
}
