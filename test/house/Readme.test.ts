import { existsSync, readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { settingsTable } from "@indelible/server/settings/SettingsTable"

const file = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8")
const readme = file("README.md")

describe("the README", () => {
  it.each(Object.values(settingsTable))("tells $name as the program reads it", ({ meaning, name, usual }) => {
    const row = readme.split("\n").find((line) => line.startsWith(`| \`${name}\``))
    assert.include(row, meaning)
    assert.include(row, usual)
  })

  it("names only commands that exist", () => {
    const { scripts } = JSON.parse(file("package.json"))
    for (const [, run, short] of readme.matchAll(/npm (?:run (\w+)|(start|test)\b)/g)) {
      assert.property(scripts, run ?? short ?? "")
    }
  })

  it("names every bench, and none that is not there", () => {
    const there = [...file("test/bench/main.ts").matchAll(/^ {2}(\w+): \w+Bench,?$/gm)].map(
      ([, name]) => name
    )
    const named = [...readme.matchAll(/npm run bench -- (\w+)/g)].map(([, name]) => name)
    assert.isNotEmpty(there)
    assert.sameMembers([...new Set(named)], there)
  })

  it("says of every pinned dependency where it is used", () => {
    const packages = ["", "packages/infrastructure/", "packages/server/"].map((folder) =>
      JSON.parse(file(`${folder}package.json`))
    )
    const all: ReadonlyArray<readonly [string, unknown]> = packages.flatMap((each) =>
      Object.entries({ ...each.dependencies, ...each.devDependencies })
    )
    for (const [name, version] of all) {
      assert.match(String(version), /^\d+\.\d+\.\d+/, `${name} is pinned exactly`)
      if (name.startsWith("@indelible/") || name.startsWith("@types/")) continue
      assert.include(readme, `\`${name}\``)
    }
  })

  it("and the page of guarantees name only files that exist", () => {
    const named = [...file("docs/guarantees.md").matchAll(/`(test\/[^`]+)`/g)].map(([, path = ""]) => path)
    assert.isNotEmpty(named)
    for (const path of named) assert.isTrue(existsSync(new URL(`../../${path}`, import.meta.url)), path)
  })
})
