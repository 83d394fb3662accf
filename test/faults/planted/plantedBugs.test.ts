import { execFile } from "node:child_process"
import { join } from "node:path"
import { promisify } from "node:util"
import { describe, it } from "vitest"
import { patchOf, plantedBugs } from "./plantedBugs.ts"

describe("a planted bug", () => {
  // Found here in a moment, and not only by a run of the faults.
  it.each(plantedBugs.map((bug) => [bug.name, patchOf(bug)]))(
    "%s: still fits the product",
    async (_, patch) => {
      await promisify(execFile)("git", ["apply", "--check", "--whitespace=nowarn", patch], {
        cwd: join(import.meta.dirname, "../../..")
      })
    }
  )
})
