import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { readEvent } from "../event/EventCatalogue.ts"
import { archive } from "./Archive.ts"
import { evolve } from "./Conversation.ts"
import { conversationEvents } from "./ConversationEvent.ts"
import { recordedAt, started, worker } from "./testing/Story.ts"

const { state } = started
assert(state !== null)
const { tally } = state
const archived = { ...tally, status: "ARCHIVED" as const }

const read = (schemaVersion: number, facts: unknown) =>
  readEvent(conversationEvents, "ConversationArchived", schemaVersion, facts, null)

describe("ConversationArchived", () => {
  it.each([
    ["business", "request"],
    ["worker", "request"],
    ["system", "inactivity"]
  ] as const)("as version 1 wrote it, by the %s, reads as archived on %s", (by, cause) => {
    assert.deepStrictEqual(
      read(1, { by, tally: archived }),
      Result.succeed({
        type: "ConversationArchived" as const,
        facts: { by, cause, tally: archived },
        body: null
      })
    )
  })

  it("is written in version 2, with its cause", () => {
    const event = started.after(archive, { by: worker, basedOn: null }).events.at(-1)
    assert(event?.type === "ConversationArchived")
    const { schemaVersion, write } = conversationEvents.ConversationArchived
    assert.strictEqual(schemaVersion, 2)
    assert.deepStrictEqual(
      write(event.facts, event.body),
      Result.succeed({ facts: { by: "worker", cause: "request", tally: archived }, body: null })
    )
    assert.isTrue(
      Result.isFailure(write({ by: "worker", tally: archived }, null)),
      "not in version 1 any more"
    )
  })

  it("is damaged in version 2 without a cause, and unknown in version 3", () => {
    for (const [version, reason] of [
      [2, "malformed"],
      [3, "unknown"]
    ] as const) {
      const answer = read(version, { by: "worker", tally: archived })
      assert(Result.isFailure(answer))
      assert.strictEqual(answer.failure.reason, reason)
    }
  })

  it("folds to the same state in either version, and either is the same command's", () => {
    const [older, newer] = [
      read(1, { by: "worker", tally: archived }),
      read(2, { by: "worker", cause: "request", tally: archived })
    ].map(Result.getOrThrow)
    assert(older !== undefined && newer !== undefined)
    const place = { pos: 2, recordedAt: recordedAt(2) }
    assert.deepStrictEqual(evolve(state, { ...older, ...place }), evolve(state, { ...newer, ...place }))
    assert.isTrue(archive.repeats({ by: worker, basedOn: null }, [older]))
  })
})
