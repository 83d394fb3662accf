import { execFile } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"

const execute = promisify(execFile)
const repository = join(import.meta.dirname, "../..")

/** The client's package as others get it, and what else a program of theirs has installed. */
export interface PackedClient {
  /** A folder for programs that import `@indelible/client`. */
  readonly folder: string
  /** Where the package itself lies. */
  readonly path: string
  readonly remove: () => void
}

/** Builds the package, packs it, and installs what was packed in a folder without the rest of this repository. */
export const packClient = async (): Promise<PackedClient> => {
  const folder = mkdtempSync(join(tmpdir(), "indelible-client-"))
  const built = join(folder, "built")
  await execute(process.execPath, [join(repository, "packages/client/build.ts"), "--out", built])
  const npm = ["pack", "--offline", "--ignore-scripts", "--json", "--pack-destination", folder]
  await execute("npm", npm, { cwd: built })
  const path = join(folder, "node_modules/@indelible/client")
  for (const parent of [path, join(folder, "node_modules/@types")]) mkdirSync(parent, { recursive: true })
  const { version } = JSON.parse(readFileSync(join(built, "package.json"), "utf8"))
  const tarball = join(folder, `indelible-client-${version}.tgz`)
  await execute("tar", ["-xzf", tarball, "-C", path, "--strip-components=1"])
  for (const name of ["effect", "idb", "react", "csstype", "@types/react"]) {
    symlinkSync(join(repository, "node_modules", name), join(folder, "node_modules", name))
  }
  return { folder, path, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** What its README shows, by the language of the sample. */
export const sample = (language: "js" | "tsx"): string => {
  const page = readFileSync(join(repository, "packages/client/README.md"), "utf8")
  const [, text] = new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(page) ?? []
  if (text === undefined) throw new Error(`the client's README shows nothing in ${language}`)
  return text
}
