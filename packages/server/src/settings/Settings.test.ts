import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Option, Redacted } from "effect"
import { neutralName } from "./NodeName.ts"
import { fromConfig } from "./Settings.ts"
import { settingsTable } from "./SettingsTable.ts"

const read = (variables: Record<string, string>) =>
  Effect.provideService(fromConfig, ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(variables))

const problems = (variables: Record<string, string>) =>
  Effect.map(Effect.flip(read(variables)), (refused) => refused.problems)

describe("the settings", () => {
  it("stand in the README as they are", async () => {
    const file = await readFile(join(import.meta.dirname, "../../../../README.md"), "utf8")
    const readme = file.replaceAll(/ +/g, " ")
    for (const { meaning, name, usual } of Object.values(settingsTable)) {
      const shown = usual.includes(" ") || usual === "none" ? usual : `\`${usual}\``
      assert.include(readme, `| \`${name}\` | ${shown} | ${meaning} |`)
    }
  })

  it.effect("have a default for everything", () =>
    Effect.gen(function* () {
      const settings = yield* read({})
      assert.include(settings, { host: "127.0.0.1", port: 3000, dataDir: ".indelible", production: false })
      assert.deepStrictEqual(settings.databaseUrl, Option.none())
      assert.deepStrictEqual(settings.corsOrigins, [])
    })
  )

  it.effect("name a node neutrally, the same at every start, and another in another folder", () =>
    Effect.gen(function* () {
      const { nodeName } = yield* read({})
      assert.match(nodeName, /^node-[0-9a-f]{8}$/)
      assert.strictEqual((yield* read({})).nodeName, nodeName)
      assert.notStrictEqual((yield* read({ DATA_DIR: "elsewhere" })).nodeName, nodeName)
      assert.strictEqual((yield* read({ NODE_NAME: "eu-1" })).nodeName, "eu-1")
      assert.notStrictEqual(neutralName(".indelible", "a"), neutralName(".indelible", "b"))
    })
  )

  it.effect("take an empty variable for one that is not set", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* read({ PORT: " ", DATABASE_URL: "" }), yield* read({}))
    })
  )

  it.effect("C5 tell all problems at once and show no value", () =>
    Effect.gen(function* () {
      const found = yield* problems({
        PORT: "99999",
        READ_POOL: "0x10",
        DATABASE_URL: "mysql://root:hunter2@db/x",
        MASTER_KEY: "changeme-hunter2",
        REDIS_URL: "http://app:hunter2@cache",
        CORS_ORIGINS: "https://app.example.com/path-hunter2,*",
        SIGN_IN_URL: "https://app:hunter2@jobs.example.com/sign-in",
        LOG_LEVEL: "loud-hunter2",
        JWT_SECRET: "changeme-hunter2",
        JWT_ISSUER: "i",
        JWT_AUDIENCE: "a"
      })
      const names = found.map((problem) => problem.split(" ")[0])
      assert.sameMembers(names, [
        "PORT",
        "READ_POOL",
        "DATABASE_URL",
        "MASTER_KEY",
        "REDIS_URL",
        "CORS_ORIGINS",
        "SIGN_IN_URL",
        "LOG_LEVEL",
        "JWT_SECRET"
      ])
      assert.notInclude(found.join(), "hunter2")
    })
  )

  it.effect("C5 refuse a database of one's own without the key over all keys", () =>
    Effect.gen(function* () {
      const found = yield* problems({ DATABASE_URL: "postgresql://u:p@db/x", REQUEST_TIMEOUT: "1" })
      assert.lengthOf(found, 2)
      assert.include(found[0], "MASTER_KEY")
      assert.include(found[1], "REQUEST_TIMEOUT")
    })
  )

  it.effect("C5 refuse production without a way to check tokens", () =>
    Effect.gen(function* () {
      const found = yield* problems({ NODE_ENV: "Production" })
      assert.lengthOf(found, 1)
      assert.include(found[0], "JWT_SECRET")
    })
  )

  it.effect("keep secrets from being printed", () =>
    Effect.gen(function* () {
      const key = "4f1c2b3a5968778695a4b3c2d1e0f00112233445566778899aabbccddeeff001"
      const settings = yield* read({
        DATABASE_URL: "postgresql://u:hunter2@db/x",
        MASTER_KEY: key,
        REDIS_URL: "redis://:hunter2@cache"
      })
      assert.notInclude(JSON.stringify(settings), "hunter2")
      assert.notInclude(JSON.stringify(settings), key)
      assert.strictEqual(Redacted.value(Option.getOrThrow(settings.masterKey)), key)
    })
  )

  it.effect("take origins as browsers spell them", () =>
    Effect.gen(function* () {
      const { corsOrigins } = yield* read({ CORS_ORIGINS: "https://app.example.com, http://localhost:5173" })
      assert.deepStrictEqual(corsOrigins, ["https://app.example.com", "http://localhost:5173"])
      for (const wrong of [
        "null",
        "*",
        "https://app.example.com/",
        "app.example.com",
        "https://A.example.com"
      ]) {
        assert.lengthOf(yield* problems({ CORS_ORIGINS: wrong }), 1, wrong)
      }
    })
  )

  it.effect("take a place to sign in at that nobody on the way can read", () =>
    Effect.gen(function* () {
      for (const url of [
        "https://jobs.example.com/in?to=chat",
        "http://localhost:4000/",
        "http://[::1]/in"
      ]) {
        const { signInUrl } = yield* read({ SIGN_IN_URL: url })
        assert.strictEqual(Option.getOrThrow(signInUrl).href, url)
      }
      for (const wrong of [
        "http://jobs.example.com/in",
        "javascript:alert(1)",
        "/in",
        "https://jobs.example.com/#in"
      ]) {
        assert.lengthOf(yield* problems({ SIGN_IN_URL: wrong }), 1, wrong)
      }
    })
  )
})
