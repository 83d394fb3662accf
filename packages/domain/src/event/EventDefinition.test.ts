import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { readEvent } from "./EventCatalogue.ts"
import { defineEvent, UnreadableEvent, UnwritableEvent } from "./EventDefinition.ts"

const first = defineEvent("Greeted", {
  facts: Schema.Struct({ times: Schema.Int }),
  body: Schema.Struct({ words: Schema.String })
})
const second = first.next(
  { facts: Schema.Struct({ count: Schema.Int }), body: Schema.Struct({ text: Schema.String }) },
  ({ body, facts }) => ({ facts: { count: facts.times }, body: body === null ? null : { text: body.words } })
)
const third = second.next(
  {
    facts: Schema.Struct({ count: Schema.Int, loud: Schema.Boolean }),
    body: Schema.Struct({ text: Schema.String })
  },
  ({ body, facts }) => ({ facts: { ...facts, loud: false }, body })
)
const bodiless = defineEvent("Left", { facts: Schema.Struct({ at: Schema.Int }), body: Schema.Null })

const unreadable = (schemaVersion: number, reason: "unknown" | "malformed", type = "Greeted") =>
  Result.fail(new UnreadableEvent({ type, schemaVersion, reason }))

describe("an event type", () => {
  it("is written in its newest version", () => {
    assert.deepStrictEqual([first.schemaVersion, second.schemaVersion, third.schemaVersion], [1, 2, 3])
    assert.strictEqual(third.type, "Greeted")
  })

  it("reads every version ever written as today's", () => {
    const today = Result.succeed({
      type: "Greeted" as const,
      facts: { count: 2, loud: false },
      body: { text: "hi" }
    })
    assert.deepStrictEqual(third.read(1, { times: 2 }, { words: "hi" }), today)
    assert.deepStrictEqual(third.read(2, { count: 2 }, { text: "hi" }), today)
    assert.deepStrictEqual(third.read(3, { count: 2, loud: false }, { text: "hi" }), today)
    assert.deepStrictEqual(
      first.read(1, { times: 2 }, { words: "hi" }),
      Result.succeed({ type: "Greeted" as const, facts: { times: 2 }, body: { words: "hi" } }),
      "an older program reads on as before"
    )
  })

  it("X7: reads every version after its key is destroyed", () => {
    const forgotten = Result.succeed({
      type: "Greeted" as const,
      facts: { count: 2, loud: false },
      body: null
    })
    assert.deepStrictEqual(third.read(1, { times: 2 }, null), forgotten)
    assert.deepStrictEqual(third.read(2, { count: 2 }, null), forgotten)
    assert.deepStrictEqual(third.read(3, { count: 2, loud: false }, null), forgotten)
  })

  it("F35: tells a version it does not know from damage", () => {
    for (const version of [0, -1, 4, Number.MAX_SAFE_INTEGER]) {
      const read = third.read(version, { count: 2, loud: false }, { text: "hi" })
      assert(Result.isFailure(read))
      assert.strictEqual(read.failure.reason, "unknown")
    }
    assert.deepStrictEqual(third.read(3, { count: 2 }, { text: "hi" }), unreadable(3, "malformed"))
    assert.deepStrictEqual(third.read(2, { count: "2" }, { text: "hi" }), unreadable(2, "malformed"))
    assert.deepStrictEqual(third.read(1, { times: 2 }, { text: "hi" }), unreadable(1, "malformed"))
    assert.deepStrictEqual(third.read(1, null, null), unreadable(1, "malformed"))
  })

  it("without content refuses any", () => {
    assert.deepStrictEqual(
      bodiless.read(1, { at: 1 }, null),
      Result.succeed({ type: "Left" as const, facts: { at: 1 }, body: null })
    )
    assert.deepStrictEqual(bodiless.read(1, { at: 1 }, {}), unreadable(1, "malformed", "Left"))
  })

  it("is written in the order of its declaration, in its newest version only", () => {
    const written = third.write({ loud: true, count: 2 }, { text: "hi" })
    assert.strictEqual(
      JSON.stringify(Result.getOrThrow(written)),
      '{"facts":{"count":2,"loud":true},"body":{"text":"hi"}}'
    )
    assert.isTrue(Result.isFailure(third.write({ times: 2 }, { words: "hi" })))
    assert.deepStrictEqual(
      Result.getOrThrow(bodiless.write({ at: 1 }, null)),
      { facts: { at: 1 }, body: null },
      "without content"
    )
  })

  it("refuses to be written with a field too many, one too few, or of another type", () => {
    const refused = (part: "facts" | "body") =>
      Result.fail(new UnwritableEvent({ type: "Greeted", schemaVersion: 1, part }))
    const body = { words: "hi" }
    for (const facts of [{ times: 2, secret: "s" }, { times: "2" }, { times: 0.5 }, {}, null, undefined]) {
      assert.deepStrictEqual(first.write(facts, body), refused("facts"))
    }
    for (const wrong of [{ words: "hi", secret: "s" }, { words: 12345 }, {}, null, undefined, "hi"]) {
      assert.deepStrictEqual(first.write({ times: 2 }, wrong), refused("body"))
    }
    assert.isTrue(Result.isFailure(bodiless.write({ at: 1 }, {})))
  })

  it("names no content in what it says of damage", () => {
    const read = first.read(1, { times: 2 }, { words: 12345, secret: "secret" })
    assert(Result.isFailure(read))
    assert.strictEqual(read.failure.message, "event Greeted version 1 is malformed to this program")
    assert.notInclude(JSON.stringify(read.failure), "secret")
  })
})

describe("a catalogue", () => {
  const catalogue = { Greeted: third, Left: bodiless }

  it("reads the types it has", () => {
    assert.isTrue(Result.isSuccess(readEvent(catalogue, "Left", 1, { at: 1 }, null)))
    assert.isTrue(Result.isSuccess(readEvent(catalogue, "Greeted", 1, { times: 1 }, null)))
  })

  it("does not know others, nor what every object inherits", () => {
    for (const type of ["Shouted", "", "__proto__", "constructor", "toString"]) {
      assert.deepStrictEqual(readEvent(catalogue, type, 1, {}, null), unreadable(1, "unknown", type))
    }
  })
})
