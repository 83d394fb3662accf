import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as ConversationWorld from "../../../../test/usecases/ConversationWorld.ts"

describe("DescribeConversation", () => {
  it.effect("shows a conversation without messages by its start", () =>
    Effect.gen(function* () {
      const world = yield* ConversationWorld.started
      const found = yield* world.describe(world.worker, world.conversation)
      assert.include(found, {
        side: "worker",
        other: world.business,
        status: "ACTIVE",
        messageCount: 0,
        unread: 0
      })
      assert.isNull(found.lastMessage)
      assert.match(found.lastActivityAt, /^\d{4}-\d\d-\d\dT/)
    })
  )

  it.effect("shows the newest message to both, and what is unread to the one it is for", () =>
    Effect.gen(function* () {
      const world = yield* ConversationWorld.started
      yield* world.say(world.business, "hello")
      const sent = yield* world.say(world.business, "<b>are</b> you there?")
      const theirs = yield* world.describe(world.worker, world.conversation)
      const own = yield* world.describe(world.business, world.conversation)
      const lastMessage = { pos: sent.pos, preview: "are you there?", sentAt: sent.sentAt }
      assert.deepStrictEqual(theirs.lastMessage, { ...lastMessage, mine: false })
      assert.deepStrictEqual(own.lastMessage, { ...lastMessage, mine: true })
      assert.deepStrictEqual([theirs.unread, own.unread, theirs.messageCount], [2, 0, 2])
      assert.deepStrictEqual([theirs.pos, theirs.tag], [sent.pos, sent.tag])
    })
  )

  it.effect("follows what is no message, and keeps to the newest message's time", () =>
    Effect.gen(function* () {
      const world = yield* ConversationWorld.started
      const sent = yield* world.say(world.business, "hello")
      yield* world.archive({ ...world.of(world.worker), basedOn: null })
      const found = yield* world.describe(world.business, world.conversation)
      assert.strictEqual(found.status, "ARCHIVED")
      assert.strictEqual(found.lastActivityAt, sent.sentAt)
      assert.isAbove(found.pos, sent.pos)
    })
  )

  it.effect("tells a stranger what it tells about a conversation that does not exist", () =>
    Effect.gen(function* () {
      const world = yield* ConversationWorld.started
      const refused = yield* Effect.flip(world.describe(world.stranger, world.conversation))
      assert.strictEqual(refused._tag, "ConversationNotFound")
    })
  )
})
