import { createSecretKey, generateKeyPairSync, type KeyObject, sign as signBytes } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { exportJWK, SignJWT } from "jose"
import * as KeyEndpoint from "../../../../test/identity/KeyEndpoint.ts"
import * as JwksTokenVerifier from "./JwksTokenVerifier.ts"

const rules = { issuer: "https://login.example.org/", audience: "indelible" }
const start = 1_000_000

const pair = async (alg: string, kid: string, keys: { publicKey: KeyObject; privateKey: KeyObject }) => ({
  alg,
  kid,
  ...keys,
  jwk: { ...(await exportJWK(keys.publicKey)), kid, alg, use: "sig" }
})
const rsa = await pair("RS256", "rsa-1", generateKeyPairSync("rsa", { modulusLength: 2_048 }))
const ec = await pair("ES256", "ec-1", generateKeyPairSync("ec", { namedCurve: "P-256" }))
const ed = await pair("EdDSA", "ed-1", generateKeyPairSync("ed25519"))
const next = await pair("ES256", "ec-2", generateKeyPairSync("ec", { namedCurve: "P-256" }))
const weak = await pair("RS256", "weak", generateKeyPairSync("rsa", { modulusLength: 1_024 }))
type Pair = typeof rsa

const claims = { iss: rules.issuer, aud: rules.audience, sub: "ada", iat: start, exp: start + 100_000 }

const tokenOf = (key: Pair, header: Record<string, unknown> = {}) =>
  Effect.promise(() =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: key.alg, typ: "at+jwt", kid: key.kid, ...header })
      .sign(key.privateKey)
  )

const base64url = (text: string) => Buffer.from(text).toString("base64url")

// The endpoint answers in real time, and no jump of the test clock may cut it off.
const patient = { timeout: Duration.hours(10) }

const setUp = Effect.fnUntraced(function* (timing: Parameters<typeof JwksTokenVerifier.make>[1] = patient) {
  const { endpoint, url } = yield* KeyEndpoint.make
  endpoint.answer = KeyEndpoint.keys(rsa.jwk, ec.jwk, ed.jwk)
  const begin = Effect.map(JwksTokenVerifier.make({ ...rules, url }, timing), (verifier) => {
    const outcome = (token: string) =>
      verifier.verify(token).pipe(
        Effect.match({
          onFailure: (error) => (error._tag === "Unauthenticated" ? error.reason : `no ${error.part}`),
          onSuccess: ({ userId }) => userId
        })
      )
    const outcomeOf = (key: Pair, header: Record<string, unknown> = {}) =>
      Effect.flatMap(tokenOf(key, header), outcome)
    return { ready: verifier.ready, outcome, outcomeOf }
  })
  return { endpoint, url, begin }
})

const onTestClock = Effect.gen(function* () {
  yield* TestClock.setTime(start * 1_000)
  const { begin, endpoint, url } = yield* setUp()
  return { endpoint, url, begin, ...(yield* begin) }
})

describe("JwksTokenVerifier", () => {
  it.effect("accepts RS256, ES256 and EdDSA by the key a token names, and asks once for all of it", () =>
    Effect.gen(function* () {
      const { endpoint, outcomeOf, ready } = yield* onTestClock
      for (const key of [rsa, ec, ed]) assert.strictEqual(yield* outcomeOf(key), "ada")
      assert.isTrue(yield* ready)
      assert.strictEqual(endpoint.asked, 1)
    })
  )

  it.effect("J1: HS256 with the public key as secret, swapped algorithms, none", () =>
    Effect.gen(function* () {
      const { outcome, outcomeOf } = yield* onTestClock
      for (const format of [
        rsa.publicKey.export({ type: "spki", format: "pem" }),
        rsa.publicKey.export({ type: "pkcs1", format: "pem" }),
        rsa.publicKey.export({ type: "spki", format: "der" })
      ]) {
        const forged = yield* Effect.promise(() =>
          new SignJWT(claims)
            .setProtectedHeader({ alg: "HS256", typ: "JWT", kid: rsa.kid })
            .sign(createSecretKey(Buffer.from(format)))
        )
        assert.strictEqual(yield* outcome(forged), "algorithm")
      }
      assert.strictEqual(yield* outcomeOf(ec, { kid: rsa.kid }), "unknown-key")
      assert.strictEqual(yield* outcomeOf(rsa, { kid: ec.kid }), "unknown-key")
      assert.strictEqual(yield* outcomeOf({ ...next, kid: ec.kid }), "signature")
      assert.strictEqual(yield* outcomeOf(rsa, { alg: "PS256" }), "algorithm")
      const none = `${base64url(JSON.stringify({ alg: "none", typ: "JWT", kid: rsa.kid }))}.${base64url("{}")}.AAAA`
      assert.strictEqual(yield* outcome(none), "algorithm")
    })
  )

  it.effect("J2: odd or unknown key ids, a thousand of them in a minute, and two questions more", () =>
    Effect.gen(function* () {
      const { endpoint, outcomeOf } = yield* onTestClock
      for (const kid of [undefined, "", 1, ["rsa-1"], "x".repeat(257)]) {
        assert.strictEqual(yield* outcomeOf(rsa, { kid }), "key-id")
      }
      const odd = ["../../dev/null", "'; DROP TABLE event; --", "__proto__", "rsa-1\u0000", "RSA-1", " rsa-1"]
      for (const kid of odd) assert.strictEqual(yield* outcomeOf(rsa, { kid }), "unknown-key", kid)
      assert.strictEqual(endpoint.asked, 1)
      const attack = (from: number) =>
        Effect.forEach(
          Array.from({ length: 250 }, (_, n) => `kid-${from + n}`),
          (kid) => outcomeOf(next, { kid }),
          { concurrency: 50 }
        )
      const outcomes: Array<string> = []
      for (let quarter = 0; quarter < 4; quarter++) {
        outcomes.push(...(yield* attack(quarter * 250)))
        yield* TestClock.adjust("15 seconds")
      }
      assert.deepStrictEqual([...new Set(outcomes)], ["unknown-key"])
      assert.strictEqual(outcomes.length, 1_000)
      assert.strictEqual(endpoint.asked, 2)
      yield* attack(1_000)
      assert.strictEqual(endpoint.asked, 3)
      assert.strictEqual(yield* outcomeOf(rsa), "ada")
    })
  )

  it.effect("J3: a key that the token brings along or points to is not looked at", () =>
    Effect.gen(function* () {
      const { outcomeOf } = yield* onTestClock
      const { endpoint: attacker, url } = yield* KeyEndpoint.make
      attacker.answer = KeyEndpoint.keys({ ...next.jwk, kid: ec.kid })
      const brought = { jku: url.href, x5u: url.href, jwk: next.jwk }
      assert.strictEqual(yield* outcomeOf({ ...next, kid: ec.kid }, brought), "signature")
      assert.strictEqual(yield* outcomeOf(next, brought), "unknown-key")
      assert.strictEqual(yield* outcomeOf(ec, brought), "ada")
      assert.strictEqual(attacker.asked, 0)
    })
  )

  it.effect("J7: an endpoint that is down at the start: nobody comes in, until it is up", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(start * 1_000)
      const { begin, endpoint } = yield* setUp()
      endpoint.answer = KeyEndpoint.status(500)
      const { outcomeOf, ready } = yield* begin
      assert.strictEqual(yield* outcomeOf(rsa), "no keys")
      assert.isFalse(yield* ready)
      endpoint.answer = KeyEndpoint.keys(rsa.jwk)
      yield* TestClock.adjust("4 seconds")
      assert.strictEqual(yield* outcomeOf(rsa), "no keys")
      assert.strictEqual(endpoint.asked, 1)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* outcomeOf(rsa), "ada")
      assert.isTrue(yield* ready)
      assert.strictEqual(endpoint.asked, 2)
    })
  )

  it.effect("J7: an endpoint that goes down: known keys for an hour, then nobody, then all again", () =>
    Effect.gen(function* () {
      const { endpoint, outcomeOf, ready } = yield* onTestClock
      assert.strictEqual(yield* outcomeOf(rsa), "ada")
      endpoint.answer = (response) => void response.destroy()
      yield* TestClock.adjust("30 minutes")
      // Whether this key is new or invented cannot be told now.
      assert.strictEqual(yield* outcomeOf(next), "no keys")
      yield* TestClock.adjust(Duration.subtract(Duration.minutes(30), Duration.millis(1)))
      assert.strictEqual(yield* outcomeOf(rsa), "ada")
      assert.isTrue(yield* ready)
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(yield* outcomeOf(rsa), "no keys")
      assert.isFalse(yield* ready)
      endpoint.answer = KeyEndpoint.keys(rsa.jwk)
      yield* TestClock.adjust("5 seconds")
      assert.strictEqual(yield* outcomeOf(rsa), "ada")
      assert.isTrue(yield* ready)
    })
  )

  it.effect(
    "J7: rotation with overlap: the new key at its first token, the old one until it is withdrawn",
    () =>
      Effect.gen(function* () {
        const { endpoint, outcomeOf } = yield* onTestClock
        assert.strictEqual(yield* outcomeOf(ec), "ada")
        yield* TestClock.adjust("1 minute")
        endpoint.answer = KeyEndpoint.keys(ec.jwk, next.jwk)
        assert.strictEqual(yield* outcomeOf(next), "ada")
        assert.strictEqual(yield* outcomeOf(ec), "ada")
        assert.strictEqual(endpoint.asked, 2)
        endpoint.answer = KeyEndpoint.keys(next.jwk)
        yield* TestClock.adjust("4 minutes")
        assert.strictEqual(yield* outcomeOf(next), "ada")
        // Waits for the question that the schedule has asked by now.
        assert.strictEqual(yield* outcomeOf(rsa), "unknown-key")
        assert.strictEqual(yield* outcomeOf(ec), "unknown-key")
      })
  )

  it.effect("J7: a new key right after a stranger's works once the cool-down is over", () =>
    Effect.gen(function* () {
      const { endpoint, outcomeOf } = yield* onTestClock
      yield* TestClock.adjust("30 seconds")
      assert.strictEqual(yield* outcomeOf(rsa, { kid: "invented" }), "unknown-key")
      endpoint.answer = KeyEndpoint.keys(next.jwk)
      yield* TestClock.adjust("29 seconds")
      assert.strictEqual(yield* outcomeOf(next), "unknown-key")
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* outcomeOf(next), "ada")
    })
  )

  it.effect("J7: every key withdrawn is an answer: everybody is refused", () =>
    Effect.gen(function* () {
      const { endpoint, outcomeOf, ready } = yield* onTestClock
      assert.strictEqual(yield* outcomeOf(rsa), "ada")
      endpoint.answer = KeyEndpoint.keys()
      yield* TestClock.adjust("5 minutes")
      assert.strictEqual(yield* outcomeOf(next), "unknown-key")
      assert.strictEqual(yield* outcomeOf(rsa), "unknown-key")
      assert.isFalse(yield* ready)
    })
  )

  it.effect("J7: answers that are no key set leave the known keys in use", () =>
    Effect.gen(function* () {
      const { endpoint, outcomeOf } = yield* onTestClock
      const { endpoint: elsewhere, url } = yield* KeyEndpoint.make
      elsewhere.answer = KeyEndpoint.keys(next.jwk)
      assert.strictEqual(yield* outcomeOf(rsa), "ada")
      const many = Array.from({ length: 101 }, (_, n) => ({ ...next.jwk, kid: `${n}` }))
      const answers = [
        KeyEndpoint.endless,
        KeyEndpoint.redirect(url.href),
        KeyEndpoint.text("<html>"),
        KeyEndpoint.text('{"keys":{}}'),
        KeyEndpoint.text('{"keys":[1]}'),
        KeyEndpoint.text("[]"),
        KeyEndpoint.text(""),
        KeyEndpoint.status(204),
        KeyEndpoint.keys(...many)
      ]
      for (const [n, answer] of answers.entries()) {
        endpoint.answer = answer
        yield* TestClock.adjust("30 seconds")
        assert.strictEqual(yield* outcomeOf(next), "no keys", `answer ${n}`)
        assert.strictEqual(yield* outcomeOf(rsa), "ada")
      }
      assert.strictEqual(elsewhere.asked, 0)
    })
  )

  it.effect("uses the good keys of a set with useless ones", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(start * 1_000)
      const { begin, endpoint } = yield* setUp()
      const secret = { kty: "oct", kid: "oct", k: base64url("Zq3xV9pTfK2mB7sWc5Ry8LdHgJ4nAe6u") }
      const whole = yield* Effect.promise(() => exportJWK(next.privateKey))
      endpoint.answer = KeyEndpoint.keys(
        { kty: "RSA", kid: "broken", n: "!", e: "AQAB" },
        { ...rsa.jwk, kid: "twice" },
        { ...rsa.jwk, kid: "twice" },
        { ...rsa.jwk, kid: "for-encryption", use: "enc" },
        { ...whole, kid: "private" },
        { kid: "nothing" },
        secret,
        weak.jwk,
        ec.jwk
      )
      const { outcome, outcomeOf } = yield* begin
      assert.strictEqual(yield* outcomeOf(ec), "ada")
      for (const kid of ["broken", "twice"]) {
        assert.strictEqual(yield* outcomeOf(rsa, { kid }), "unusable-key", kid)
      }
      assert.strictEqual(yield* outcomeOf(next, { kid: "private" }), "unusable-key")
      for (const kid of ["for-encryption", "nothing", "oct"]) {
        assert.strictEqual(yield* outcomeOf(rsa, { kid }), "unknown-key", kid)
      }
      const input = `${base64url(JSON.stringify({ alg: "RS256", typ: "JWT", kid: "weak" }))}.${base64url(JSON.stringify(claims))}`
      const signature = signBytes("sha256", Buffer.from(input), weak.privateKey).toString("base64url")
      assert.strictEqual(yield* outcome(`${input}.${signature}`), "unusable-key")
    })
  )

  it.live("J7: a silent endpoint holds up only tokens with an unknown key, and those not for long", () =>
    Effect.gen(function* () {
      const { begin, endpoint } = yield* setUp({
        timeout: Duration.millis(200),
        coolDown: Duration.zero,
        retryEvery: Duration.zero
      })
      const fresh = Effect.promise(() =>
        new SignJWT({ ...claims, iat: Date.now() / 1_000, exp: Date.now() / 1_000 + 60 })
          .setProtectedHeader({ alg: ec.alg, typ: "JWT", kid: ec.kid })
          .sign(ec.privateKey)
      )
      const { outcome, outcomeOf } = yield* begin
      assert.strictEqual(yield* outcome(yield* fresh), "ada")
      const silent = Promise.withResolvers<void>()
      endpoint.answer = (response) => {
        KeyEndpoint.stalling(response)
        silent.resolve()
      }
      const waiting = yield* Effect.forkChild(outcomeOf(next))
      yield* Effect.promise(() => silent.promise)
      assert.strictEqual(yield* outcome(yield* fresh), "ada")
      assert.strictEqual(waiting.pollUnsafe(), undefined)
      assert.strictEqual(yield* Fiber.join(waiting), "no keys")
      assert.strictEqual(yield* outcome(yield* fresh), "ada")
    })
  )

  it.effect("goes on asking when the client who caused the question hangs up", () =>
    Effect.gen(function* () {
      const { endpoint, outcomeOf } = yield* onTestClock
      assert.strictEqual(yield* outcomeOf(rsa), "ada")
      yield* TestClock.adjust("30 seconds")
      const asked = Promise.withResolvers<void>()
      const answer = Promise.withResolvers<void>()
      endpoint.answer = (response) => {
        asked.resolve()
        answer.promise.then(() => KeyEndpoint.keys(next.jwk)(response))
      }
      const hasty = yield* Effect.forkChild(outcomeOf(next))
      yield* Effect.promise(() => asked.promise)
      yield* Fiber.interrupt(hasty)
      answer.resolve()
      assert.strictEqual(yield* outcomeOf(next), "ada")
      assert.strictEqual(endpoint.asked, 2)
    })
  )
})
