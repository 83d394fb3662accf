import { createHmac, generateKeyPairSync } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { EncryptJWT, exportSPKI, type JWTPayload, SignJWT } from "jose"
import * as SecretTokenVerifier from "./SecretTokenVerifier.ts"

const secret = "Zq3xV9pTfK2mB7sWc5Ry8LdHgJ4nAe6u"
const key = new TextEncoder().encode(secret)
const rules = { issuer: "https://login.example.org/", audience: "indelible" }
/** The test clock begins at the epoch; go to a place where earlier times are not negative. */
const start = 1_000_000

const good: JWTPayload = {
  iss: rules.issuer,
  aud: rules.audience,
  sub: "ada",
  iat: start,
  exp: start + 600
}

const sign = (claims: Record<string, unknown>, header: Record<string, unknown> = {}) =>
  Effect.promise(() =>
    new SignJWT(claims).setProtectedHeader({ alg: "HS256", typ: "JWT", ...header }).sign(key)
  )

/** Signs any bytes whatever, as no library would. */
const signRaw = (header: string, claims: string) => {
  const input = `${Buffer.from(header).toString("base64url")}.${Buffer.from(claims).toString("base64url")}`
  return `${input}.${createHmac("sha256", key).update(input).digest("base64url")}`
}

const setUp = Effect.gen(function* () {
  yield* TestClock.setTime(start * 1_000)
  const verifier = yield* SecretTokenVerifier.make({ ...rules, secret: Redacted.make(secret) })
  const outcome = (token: string) =>
    verifier.verify(token).pipe(
      Effect.match({
        onFailure: (error) => (error._tag === "Unauthenticated" ? error.reason : error.part),
        onSuccess: () => "accepted"
      })
    )
  const outcomeOf = (claims: Record<string, unknown>, header: Record<string, unknown> = {}) =>
    Effect.flatMap(sign(claims, header), outcome)
  return { verify: verifier.verify, outcome, outcomeOf }
})

const without = (claim: string) => Object.fromEntries(Object.entries(good).filter(([name]) => name !== claim))

describe("SecretTokenVerifier", () => {
  it.effect("accepts an access token and tells what it says", () =>
    Effect.gen(function* () {
      const { verify } = yield* setUp
      assert.deepStrictEqual(yield* verify(yield* sign(good)), {
        userId: "ada",
        isService: false,
        issuedAt: start * 1_000,
        expiresAt: (start + 620) * 1_000
      })
      assert.strictEqual((yield* verify(yield* sign(good, { typ: "at+jwt" }))).userId, "ada")
      assert.strictEqual((yield* verify(yield* sign(good, { typ: "application/at+JWT" }))).userId, "ada")
      assert.strictEqual((yield* verify(yield* sign({ ...good, aud: ["other", "indelible"] }))).userId, "ada")
      assert.strictEqual((yield* verify(yield* sign({ ...good, iat: start - 0.25 }))).issuedAt, 999_999_750)
    })
  )

  it.effect("J1: no algorithm, another one, or no signature", () =>
    Effect.gen(function* () {
      const { outcome, outcomeOf } = yield* setUp
      const claims = JSON.stringify(good)
      for (const alg of ["none", "None", "nOnE", "", "hs256", "HS512", "RS256"]) {
        assert.strictEqual(
          yield* outcome(signRaw(JSON.stringify({ alg, typ: "JWT" }), claims)),
          "algorithm",
          alg
        )
      }
      for (const alg of [undefined, null, ["HS256"], { toString: "HS256" }]) {
        assert.strictEqual(yield* outcome(signRaw(JSON.stringify({ alg, typ: "JWT" }), claims)), "algorithm")
      }
      const [header, payload, signature] = (yield* sign(good)).split(".")
      assert.strictEqual(yield* outcome(`${header}.${payload}.`), "malformed")
      assert.strictEqual(yield* outcome(`${header}.${payload}`), "malformed")
      assert.strictEqual(yield* outcome(`${header}.${payload}.AAAA`), "signature")
      const forged = Buffer.from(JSON.stringify({ ...good, sub: "eve" })).toString("base64url")
      assert.strictEqual(yield* outcome(`${header}.${forged}.${signature}`), "signature")
      assert.strictEqual(yield* outcomeOf(good, { alg: "HS384" }), "algorithm")
      const stranger = yield* Effect.promise(async () =>
        new SignJWT(good)
          .setProtectedHeader({ alg: "HS256", typ: "JWT" })
          .sign(new TextEncoder().encode(await exportSPKI(generateKeyPairSync("ed25519").publicKey)))
      )
      assert.strictEqual(yield* outcome(stranger), "signature")
    })
  )

  it.effect("J4: expired, early, from the future, without a time or with something else for one", () =>
    Effect.gen(function* () {
      const { outcomeOf, outcome } = yield* setUp
      const outcomes = (claim: string, values: ReadonlyArray<unknown>) =>
        Effect.forEach(values, (value) => outcomeOf({ ...good, [claim]: value }))
      assert.deepStrictEqual(yield* outcomes("exp", [start - 19, start - 20, start - 3_600]), [
        "accepted",
        "expired",
        "expired"
      ])
      assert.deepStrictEqual(yield* outcomes("nbf", [start, start + 20, start + 21, "soon"]), [
        "accepted",
        "accepted",
        "not-yet-valid",
        "not-yet-valid"
      ])
      assert.deepStrictEqual(yield* outcomes("iat", [start + 20, start + 21, -1, "1000000", null]), [
        "accepted",
        "issued-in-future",
        "claims",
        "claims",
        "claims"
      ])
      assert.deepStrictEqual(yield* outcomes("exp", ["1000600", null, [start], 1e300]), [
        "claims",
        "claims",
        "claims",
        "claims"
      ])
      assert.strictEqual(yield* outcomeOf(without("exp")), "claims")
      assert.strictEqual(yield* outcomeOf(without("iat")), "claims")
      const infinite = JSON.stringify(good).replace(`"exp":${start + 600}`, '"exp":1e999')
      assert.strictEqual(yield* outcome(signRaw('{"alg":"HS256","typ":"JWT"}', infinite)), "claims")
    })
  )

  it.effect("J4, W4: a token is refused from the instant it names itself", () =>
    Effect.gen(function* () {
      const { outcome, verify } = yield* setUp
      for (const exp of [start + 5, start + 5.5]) {
        const token = yield* sign({ ...good, exp })
        const { expiresAt } = yield* verify(token)
        yield* TestClock.setTime(expiresAt - 1)
        assert.strictEqual(yield* outcome(token), "accepted")
        yield* TestClock.setTime(expiresAt)
        assert.strictEqual(yield* outcome(token), "expired")
        yield* TestClock.setTime(start * 1_000)
      }
    })
  )

  it.effect("J5: another issuer or audience, exactly compared", () =>
    Effect.gen(function* () {
      const { outcomeOf } = yield* setUp
      for (const iss of ["https://login.example.org", "HTTPS://login.example.org/", "", [rules.issuer], 1]) {
        assert.strictEqual(yield* outcomeOf({ ...good, iss }), "issuer")
      }
      for (const aud of ["Indelible", "indelible ", "", [], ["other"], { indelible: true }, 1]) {
        assert.strictEqual(yield* outcomeOf({ ...good, aud }), "audience")
      }
      assert.strictEqual(yield* outcomeOf(without("iss")), "issuer")
      assert.strictEqual(yield* outcomeOf(without("aud")), "audience")
    })
  )

  it.effect("J5: an ID token, or one of another type", () =>
    Effect.gen(function* () {
      const { outcomeOf } = yield* setUp
      for (const sign of [
        { nonce: "n" },
        { at_hash: "h" },
        { c_hash: "h" },
        { typ: "ID" },
        { token_use: "id" }
      ]) {
        assert.strictEqual(yield* outcomeOf({ ...good, ...sign }), "id-token")
      }
      assert.strictEqual(yield* outcomeOf({ ...good, typ: "Bearer", token_use: "access" }), "accepted")
      for (const typ of [undefined, "ID", "id_token", "logout+jwt", "dpop+jwt", "JWT;x", 1, ["JWT"]]) {
        assert.strictEqual(yield* outcomeOf(good, { typ }), "type")
      }
    })
  )

  it.effect("J5: four segments, spaces, padding, JWE, nested, too long", () =>
    Effect.gen(function* () {
      const { outcome, outcomeOf } = yield* setUp
      const token = yield* sign(good)
      for (const bad of [
        `${token}.x`,
        ` ${token}`,
        `${token}\n`,
        token.replace(".", ". "),
        `${token}=`,
        "",
        "..",
        "x"
      ]) {
        assert.strictEqual(yield* outcome(bad), "malformed", bad)
      }
      const encrypted = yield* Effect.promise(() =>
        new EncryptJWT(good).setProtectedHeader({ alg: "dir", enc: "A256GCM", typ: "JWT" }).encrypt(key)
      )
      assert.strictEqual(yield* outcome(encrypted), "malformed")
      for (const claims of ["[]", "null", '"ada"', "{", "", "\u0000", token]) {
        assert.strictEqual(yield* outcome(signRaw('{"alg":"HS256","typ":"JWT"}', claims || " ")), "malformed")
      }
      for (const header of ["[]", "null", "{", "1"]) {
        assert.strictEqual(yield* outcome(signRaw(header, JSON.stringify(good))), "malformed", header)
      }
      assert.strictEqual(yield* outcomeOf({ ...good, padding: "x".repeat(8_192) }), "too-long")
      const raw = (extra: object) =>
        signRaw(JSON.stringify({ alg: "HS256", typ: "JWT", ...extra }), JSON.stringify(good))
      assert.strictEqual(yield* outcome(raw({ crit: ["b64"], b64: false })), "malformed")
      assert.strictEqual(yield* outcome(raw({ crit: ["unheard-of"], "unheard-of": 1 })), "malformed")
    })
  )

  it.effect("J6: a subject that is empty, no string, too long or unprintable", () =>
    Effect.gen(function* () {
      const { outcomeOf } = yield* setUp
      for (const sub of [
        "",
        [],
        ["ada"],
        7,
        null,
        { id: "ada" },
        true,
        "a".repeat(201),
        "a\u0000b",
        "a\nb",
        "\ud800"
      ]) {
        assert.strictEqual(yield* outcomeOf({ ...good, sub }), "claims", JSON.stringify(sub))
      }
      assert.strictEqual(yield* outcomeOf(without("sub")), "claims")
      for (const sub of ["a".repeat(200), "auth0|5f7c8ec7", "Ünïcode 😀", "ada@example.org"]) {
        assert.strictEqual(yield* outcomeOf({ ...good, sub }), "accepted", sub)
      }
    })
  )

  it.effect("J6: a role is one of ours exactly, and only service means anything", () =>
    Effect.gen(function* () {
      const { outcomeOf, verify } = yield* setUp
      const odd = [
        "true",
        true,
        ["admin"],
        ["service"],
        "Service",
        "service ",
        "",
        null,
        1,
        { service: true },
        "admin"
      ]
      for (const role of odd) {
        assert.strictEqual(yield* outcomeOf({ ...good, role }), "role", JSON.stringify(role))
      }
      const isService = (role: string) =>
        Effect.map(Effect.flatMap(sign({ ...good, role }), verify), (token) => token.isService)
      assert.isTrue(yield* isService("service"))
      for (const role of ["business", "worker", "compliance", "engineer"])
        assert.isFalse(yield* isService(role))
    })
  )

  it.effect("shows nothing of a token in its error", () =>
    Effect.gen(function* () {
      const { verify } = yield* setUp
      const error = yield* Effect.flip(verify(yield* sign({ ...good, exp: 1, sub: "who-it-was" })))
      const shown = `${JSON.stringify(error)} ${error.message} ${String(error)} ${error.stack}`
      assert.notInclude(shown, "who-it-was")
      assert.notProperty(error, "cause")
    })
  )
})

describe("the secret", () => {
  const refusal = (text: string) =>
    Effect.map(
      Effect.flip(SecretTokenVerifier.make({ ...rules, secret: Redacted.make(text) })),
      ({ message }) => message
    )

  it.effect("is refused when short, copied from a tutorial or repetitive, and is never shown", () =>
    Effect.gen(function* () {
      const bad = [
        ["Zq3xV9pTfK2mB7sWc5Ry8LdHgJ4nAe6", "31 bytes"],
        ["changeme-changeme-changeme-changeme", "placeholder"],
        ["please-Change_Me-in-production-now", "placeholder"],
        ["your-256-bit-secret-your-256-bit-secret", "placeholder"],
        ["this-is-an-example-of-a-jwt-secret-0123", "placeholder"],
        ["0".repeat(64), "repeats"],
        ["abcabcabcabcabcabcabcabcabcabcabc", "repeats"]
      ] as const
      for (const [text, why] of bad) {
        const message = yield* refusal(text)
        assert.include(message, why)
        assert.notInclude(message, text)
      }
    })
  )

  it.effect("counts in bytes, not characters", () =>
    SecretTokenVerifier.make({ ...rules, secret: Redacted.make("äöüßéèêáàâíìîóòô") })
  )
})
