import { assert, describe, it } from "@effect/vitest"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { TypingShown } from "./TypingShown.ts"

const place = {
  conversation: ConversationId.make("0190f1a0-0000-8000-8000-00000000000c"),
  by: SubjectId.make("0190f1a0-0000-4000-8000-00000000000a"),
  to: SubjectId.make("0190f1a0-0000-4000-8000-00000000000b")
}
const over = { ...place, expiresIn: 0 }

describe("typing that is shown here", () => {
  it("F33 ends half a second after its time when the node where somebody types says nothing more", () => {
    const shown = new TypingShown()
    shown.begin({ ...place, expiresIn: 3_000 }, 0)
    shown.begin({ ...place, expiresIn: 3_000 }, 1_000)
    assert.deepStrictEqual(shown.overdue(4_499), [])
    assert.deepStrictEqual(shown.overdue(4_500), [over])
    assert.isTrue(shown.end(over))
    assert.strictEqual(shown.size, 0)
  })

  it("is ended once", () => {
    const shown = new TypingShown()
    shown.begin({ ...place, expiresIn: 3_000 }, 0)
    assert.isTrue(shown.end(place))
    assert.isFalse(shown.end(place))
  })
})
