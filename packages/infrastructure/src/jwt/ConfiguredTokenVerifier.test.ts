import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { NodeCrypto } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import * as Authenticate from "@indelible/application/identity/Authenticate"
import { Identity } from "@indelible/application/identity/Identity"
import { sessionEnd } from "@indelible/application/identity/Standing"
import { TokenVerifier } from "@indelible/application/identity/TokenVerifier"
import { ConfigProvider, Duration, Effect, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import * as TestDirectory from "../../../../test/identity/TestDirectory.ts"
import { DevelopmentSignIn, layer } from "./ConfiguredTokenVerifier.ts"

const folder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "identity-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true }))
)

const secret = "Zq3xV9pTfK2mB7sWc5Ry8LdHgJ4nAe6u"
const rules = { JWT_ISSUER: "https://login.example.org/", JWT_AUDIENCE: "indelible" }

const configured = Effect.fnUntraced(function* (
  environment: Record<string, string>,
  keyFile = "/nowhere/key"
) {
  const context = yield* Layer.build(
    layer(keyFile).pipe(
      Layer.provide(NodeCrypto.layerSecureRandom),
      Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env: environment })))
    )
  )
  return yield* Effect.all({ verifier: TokenVerifier, signIn: DevelopmentSignIn }).pipe(
    Effect.provideContext(context)
  )
})

const refusal = (environment: Record<string, string>, keyFile?: string) =>
  Effect.map(Effect.flip(configured(environment, keyFile)), ({ _tag, message }) => ({ _tag, message }))

describe("the identity that configuration chooses", () => {
  it.effect("is the secret's or the key endpoint's, without development sign-in", () =>
    Effect.gen(function* () {
      const bySecret = yield* configured({
        ...rules,
        JWT_SECRET: secret,
        JWT_JWKS_URL: " ",
        NODE_ENV: "production"
      })
      assert.isTrue(Option.isNone(bySecret.signIn))
      assert.isTrue(yield* bySecret.verifier.ready)
      // Nothing listens there: the service starts all the same, and is not ready.
      const byKeys = yield* configured({
        ...rules,
        JWT_JWKS_URL: "http://127.0.0.1:1/keys",
        NODE_ENV: "production"
      })
      assert.isTrue(Option.isNone(byKeys.signIn))
      assert.isFalse(yield* byKeys.verifier.ready)
    })
  )

  it.effect("is none when the variables contradict each other or are incomplete", () =>
    Effect.gen(function* () {
      const cases: ReadonlyArray<readonly [Record<string, string>, string]> = [
        [{ ...rules, JWT_SECRET: secret, JWT_JWKS_URL: "https://login.example.org/keys" }, "both set"],
        [{ JWT_SECRET: secret }, "JWT_ISSUER and JWT_AUDIENCE"],
        [{ JWT_SECRET: secret, JWT_ISSUER: "x" }, "JWT_ISSUER and JWT_AUDIENCE"],
        [
          { JWT_JWKS_URL: "https://login.example.org/keys", JWT_AUDIENCE: "x", JWT_ISSUER: "" },
          "JWT_ISSUER and"
        ],
        [{ JWT_ISSUER: "x" }, "JWT_SECRET or JWT_JWKS_URL"],
        [{ JWT_AUDIENCE: "x" }, "JWT_SECRET or JWT_JWKS_URL"],
        [{ ...rules, JWT_JWKS_URL: "login.example.org" }, "not a URL"],
        [{ ...rules, JWT_JWKS_URL: "http://login.example.org/keys" }, "https"],
        [{ ...rules, JWT_JWKS_URL: "file:///etc/passwd" }, "https"],
        [{ ...rules, JWT_JWKS_URL: "https://me:hidden@login.example.org/keys" }, "password"]
      ]
      for (const [environment, why] of cases) {
        const { _tag, message } = yield* refusal(environment)
        assert.strictEqual(_tag, "IdentityMisconfigured")
        assert.include(message, why)
        assert.notInclude(message, secret)
        assert.notInclude(message, "hidden")
      }
      assert.strictEqual((yield* refusal({ ...rules, JWT_SECRET: "changeme" }))._tag, "SecretUnusable")
    })
  )

  it.effect("does not start on development sign-in in production, and leaves no key behind", () =>
    Effect.gen(function* () {
      const home = yield* folder
      for (const NODE_ENV of ["production", " Production "]) {
        const { _tag, message } = yield* refusal({ NODE_ENV }, join(home, "key"))
        assert.strictEqual(_tag, "DevelopmentRefused")
        assert.include(message, "JWT_SECRET")
      }
      assert.deepStrictEqual(yield* Effect.promise(() => readdir(home)), [])
    })
  )
})

describe("development sign-in", () => {
  const signedIn = Effect.gen(function* () {
    const keyFile = join(yield* folder, "data", "development-key")
    const { signIn, verifier } = yield* configured({}, keyFile)
    return { keyFile, verifier, tokens: yield* Effect.fromOption(signIn) }
  })

  it.effect("issues tokens that hold after a restart, and nowhere else", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1_000_000_123)
      const { keyFile, tokens, verifier } = yield* signedIn
      const token = yield* tokens.issue({ userId: "ada" })
      const again = yield* configured({}, keyFile)
      for (const { verify } of [verifier, again.verifier]) {
        assert.deepStrictEqual(yield* verify(token), {
          userId: "ada",
          isService: false,
          issuedAt: 1_000_000_123,
          expiresAt: (1_000_001 + 12 * 3_600 + 20) * 1_000
        })
      }
      const stranger = yield* signedIn
      assert.strictEqual((yield* Effect.flip(stranger.verifier.verify(token)))._tag, "Unauthenticated")
      const platform = yield* tokens.issue({
        userId: "platform",
        role: "service",
        lifetime: Duration.minutes(1)
      })
      assert.isTrue((yield* verifier.verify(platform)).isService)
    })
  )

  it.effect("keeps its key to itself, the same for eight processes that start at once", () =>
    Effect.gen(function* () {
      const home = yield* folder
      const keyFile = join(home, "key")
      const eight = yield* Effect.all(
        Array.from({ length: 8 }, () => configured({}, keyFile)),
        { concurrency: 8 }
      )
      const [first] = eight
      const token = yield* Effect.flatMap(Effect.fromOption(first?.signIn ?? Option.none()), (tokens) =>
        tokens.issue({ userId: "ada" })
      )
      for (const { verifier } of eight) assert.strictEqual((yield* verifier.verify(token)).userId, "ada")
      assert.deepStrictEqual(yield* Effect.promise(() => readdir(home)), ["key"])
      const { mode } = yield* Effect.promise(() => stat(keyFile))
      assert.strictEqual(mode & 0o777, 0o600)
    })
  )

  it.effect("refuses a key that others may read, or that is damaged, without showing it", () =>
    Effect.gen(function* () {
      const { keyFile } = yield* signedIn
      const key = yield* Effect.promise(() => readFile(keyFile, "utf8"))
      yield* Effect.promise(() => chmod(keyFile, 0o640))
      const exposed = yield* refusal({}, keyFile)
      assert.include(exposed.message, "other accounts")
      assert.notInclude(exposed.message, key.trim())
      yield* Effect.promise(async () => {
        await chmod(keyFile, 0o600)
        await writeFile(keyFile, key.slice(0, 20))
      })
      assert.include((yield* refusal({}, keyFile)).message, "damaged")
      assert.include((yield* refusal({}, "/dev/null/key")).message, "cannot be read or made")
    })
  )

  it.effect("J8: signing in right after signing out works, within the same second", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1_000_000_100)
      const { tokens, verifier } = yield* signedIn
      const directory = TestDirectory.make()
      const ada = yield* directory.people.put("ada", TestDirectory.someone)
      const context = yield* Layer.build(
        Authenticate.layer.pipe(
          Layer.provide(Layer.merge(directory.layer, Layer.succeed(TokenVerifier, verifier)))
        )
      )
      const { authenticate } = yield* Identity.pipe(Effect.provideContext(context))
      const old = yield* tokens.issue({ userId: "ada" })
      const before = yield* authenticate(old)
      assert.strictEqual(before.subject, ada.subject)
      yield* TestClock.adjust("100 millis")
      const signedOut = yield* Effect.flatMap(directory.people.signOut("ada"), Effect.fromOption)
      assert.strictEqual(sessionEnd(signedOut, { issuedAt: before.issuedAt, role: "worker" }), "signed-out")
      yield* TestClock.adjust("1 millis")
      const fresh = yield* tokens.issue({ userId: "ada" })
      yield* TestClock.adjust("4 seconds")
      const error = yield* Effect.flip(authenticate(old))
      assert.strictEqual(error._tag === "Unauthenticated" && error.reason, "signed-out")
      assert.strictEqual((yield* authenticate(fresh)).userId, "ada")
    })
  )
})
