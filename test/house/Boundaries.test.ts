import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "@effect/vitest"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** What the linter says of one import in a file of one room. */
const lint = (room: string, imported: string) =>
  spawnSync("node_modules/.bin/biome", ["lint", `--stdin-file-path=packages/${room}/src/Planted.ts`], {
    cwd: root,
    encoding: "utf8",
    input: `import * as planted from "${imported}"\nexport const used = planted\n`
  })

const outward: ReadonlyArray<readonly [room: string, imported: string]> = [
  ["domain", "@indelible/application/store/EventStore"],
  ["domain", "../../infrastructure/src/envelope/Body.ts"],
  ["domain", "node:crypto"],
  ["domain", "effect/sql"],
  ["application", "@indelible/infrastructure/envelope/Body"],
  ["application", "@indelible/projections/migrations"],
  ["application", "node:fs"],
  ["application", "effect/http"],
  ["projections", "@indelible/infrastructure/envelope/Body"],
  ["projections", "ws"],
  ["infrastructure", "@indelible/projections/migrations"],
  ["infrastructure", "@indelible/server/main"],
  ["api", "@indelible/application/store/EventStore"]
]

const inward: ReadonlyArray<readonly [room: string, imported: string]> = [
  ["application", "@indelible/domain/subject/SubjectId"],
  ["projections", "effect/sql"],
  ["infrastructure", "node:crypto"],
  ["api", "@indelible/domain/subject/SubjectId"],
  ["server", "@indelible/projections/migrations"]
]

describe("the arrow between the rooms points inward", () => {
  it.each(outward)("%s may not import %s", (room, imported) => {
    // The planted file has no other fault: the rooms below import the same way and pass.
    assert.strictEqual(lint(room, imported).status, 1)
  })

  it.each(inward)("%s may import %s", (room, imported) => {
    assert.strictEqual(lint(room, imported).status, 0)
  })
})
