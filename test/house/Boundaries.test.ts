import { spawnSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, assert, describe, it } from "@effect/vitest"

const root = fileURLToPath(new URL("../..", import.meta.url))
// A house with our rules and nothing in it, so that no planted file stands in the real one.
const house = mkdtempSync(join(tmpdir(), "indelible-house-"))
cpSync(join(root, "biome.json"), join(house, "biome.json"))
cpSync(join(root, ".gitignore"), join(house, ".gitignore"))
afterAll(() => rmSync(house, { recursive: true }))

/** What the linter says of one import in a file of one room. */
const lint = (room: string, imported: string, names = "* as planted") => {
  const folder = join(house, "packages", room, "src")
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(folder, "Planted.ts"),
    `import ${names} from "${imported}"\n\nexport const used = ${names.replaceAll(/\* as |[{} ]/g, "")}\n`
  )
  return spawnSync(join(root, "node_modules/.bin/biome"), ["lint", folder], { cwd: house, encoding: "utf8" })
}

const outward: ReadonlyArray<readonly [room: string, imported: string]> = [
  ["domain", "@indelible/application/store/EventStore"],
  ["domain", "../../infrastructure/src/envelope/Body.ts"],
  ["domain", "../../../test/http/HttpWorld.ts"],
  ["domain", "node:crypto"],
  ["domain", "crypto"],
  ["domain", "fs"],
  ["domain", "effect"],
  ["domain", "effect/Effect"],
  ["domain", "effect/crypto/SecureRandom"],
  ["domain", "effect/sql"],
  ["domain", "some-package"],
  ["application", "@indelible/infrastructure/envelope/Body"],
  ["application", "@indelible/projections/migrations"],
  ["application", "../../../test/http/HttpWorld.ts"],
  ["application", "node:fs"],
  ["application", "fs"],
  ["application", "effect/http"],
  ["application", "effect/http-api/HttpApi"],
  ["application", "effect/rpc/Rpc"],
  ["application", "some-package"],
  ["projections", "@indelible/infrastructure/envelope/Body"],
  ["projections", "effect/cluster"],
  ["projections", "fs"],
  ["projections", "ws"],
  ["infrastructure", "@indelible/projections/migrations"],
  ["infrastructure", "@indelible/server/main"],
  ["infrastructure", "../../../test/http/HttpWorld.ts"],
  ["api", "@indelible/application/store/EventStore"],
  ["api", "effect/sql"],
  ["api", "fs"],
  ["server", "@indelible/web/main"],
  ["server", "../../../test/http/HttpWorld.ts"]
]

const inward: ReadonlyArray<readonly [room: string, imported: string]> = [
  ["application", "@indelible/domain/subject/SubjectId"],
  ["application", "effect"],
  ["projections", "effect/sql"],
  ["infrastructure", "node:crypto"],
  ["api", "@indelible/domain/subject/SubjectId"],
  ["api", "effect/http-api"],
  ["server", "@indelible/projections/migrations"]
]

describe("the arrow between the rooms points inward", () => {
  it.each(outward)("%s may not import %s", (room, imported) => {
    const { status, stderr, stdout } = lint(room, imported)
    assert.strictEqual(status, 1)
    assert.include(stderr + stdout, "noRestrictedImports")
  })

  it.each(inward)("%s may import %s", (room, imported) => {
    assert.strictEqual(lint(room, imported).status, 0)
  })

  it.each(["Effect", "Clock", "Random", "DateTime"])("domain may not have %s of effect", (name) => {
    const { status, stderr, stdout } = lint("domain", "effect", `{ ${name} }`)
    assert.strictEqual(status, 1)
    assert.include(stderr + stdout, "noRestrictedImports")
  })

  it.each(["Schema", "Data", "Match", "Result"])("domain may have %s of effect", (name) => {
    assert.strictEqual(lint("domain", "effect", `{ ${name} }`).status, 0)
  })
})
