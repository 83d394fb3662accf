import { assert, describe, it } from "@effect/vitest"
import {
  Busy,
  KeyReused,
  OutcomeUnknown,
  Overloaded,
  Unavailable
} from "@indelible/application/store/EventStoreError"
import { Exit } from "effect"
import { outcomeOf } from "./MeasuredEventStore.ts"

describe("the outcome of a command", () => {
  it.each([
    ["key_reused", new KeyReused({ commandKey: "k" })],
    ["busy", new Busy({ streamId: "s" })],
    ["overloaded", new Overloaded()],
    ["unknown", new OutcomeUnknown({ commandKey: "k" })],
    ["unavailable", new Unavailable({ reason: "unreachable", cause: null })],
    ["refused", { _tag: "ConversationNotFound" }],
    ["refused", "whatever a decider says"]
  ])("is %s", (outcome, error) => {
    assert.strictEqual(outcomeOf(Exit.fail(error)), outcome)
  })

  it("tells a bug, and commands that wrote nothing", () => {
    assert.strictEqual(outcomeOf(Exit.die(new Error("a bug"))), "defect")
    assert.strictEqual(outcomeOf(Exit.succeed({ events: [], repeat: false, token: {} })), "unchanged")
    assert.strictEqual(outcomeOf(Exit.succeed({ events: [], repeat: true, token: {} })), "repeat")
  })
})
