import { execFile } from "node:child_process"
import { cp, mkdir, readdir, symlink } from "node:fs/promises"
import { dirname, join } from "node:path"
import { promisify } from "node:util"
import { Effect } from "effect"
import * as TestFolder from "../../servers/TestFolder.ts"

const tree = join(import.meta.dirname, "../../..")
/** Packages of this tree: in the copy these must lead to the copied ones. */
const own = "@indelible"

/**
 * The product of this tree in a temporary folder, with what it needs from `node_modules` linked. The copy goes with the
 * scope.
 */
export const make = Effect.gen(function* () {
  const copy = join(yield* TestFolder.make, "product")
  yield* Effect.promise(async () => {
    await mkdir(join(copy, "node_modules"), { recursive: true })
    await cp(join(tree, "packages"), join(copy, "packages"), { recursive: true })
    await cp(join(tree, "package.json"), join(copy, "package.json"))
    for (const name of await readdir(join(tree, "node_modules"))) {
      const from = join(tree, "node_modules", name)
      const to = join(copy, "node_modules", name)
      // Its links lead to `../../packages`, wherever they are.
      if (name === own) await cp(from, to, { recursive: true, verbatimSymlinks: true })
      else await symlink(from, to)
    }
  })
  return { folder: copy, program: join(copy, "packages/server/src/main.ts") }
})

/** Whatever repository encloses the copy: in one git would leave alone what that one does not know. */
const environment = ({ GIT_DIR, GIT_WORK_TREE, ...others }: NodeJS.ProcessEnv, folder: string) => ({
  ...others,
  GIT_CEILING_DIRECTORIES: dirname(folder)
})

/** Changes a copy; fails with git's words when the patch does not fit any more. */
export const apply = (folder: string, patch: string) =>
  Effect.tryPromise({
    // It must fit: without its context a bug would be planted somewhere else.
    try: () =>
      promisify(execFile)("git", ["apply", "--whitespace=nowarn", patch], {
        cwd: folder,
        env: environment(process.env, folder)
      }),
    catch: (error) =>
      new Error(`${patch} does not apply: ${error instanceof Error ? error.message : String(error)}`)
  }).pipe(Effect.asVoid)
