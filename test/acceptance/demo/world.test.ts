import { assert, describe, it } from "vitest"
import { people } from "../../../packages/server/demo/world/People.ts"
import { applicationOf } from "../../../packages/server/demo/world/Platform.ts"
import { messagesIn, schedule } from "../../../packages/server/demo/world/Schedule.ts"
import { b, lately, on, type Talk, w } from "../../../packages/server/demo/world/Talk.ts"
import { talks, unopened } from "../../../packages/server/demo/world/Talks.ts"
import { DemoStopped, make } from "../../../packages/server/demo/world/World.ts"
import { History, List } from "../../http/Answers.ts"
import * as HttpWorld from "../../http/HttpWorld.ts"

const world = HttpWorld.forThisFile()
const day = 86_400_000

const played = (
  some: ReadonlyArray<Talk>,
  tell: () => void = () => {},
  stop = new AbortController().signal
) => make(new URL(world().origin), stop, tell, some)

/** What one of them sees in the end. */
const seenBy = async (userId: string, status: "active" | "archived") => {
  const as = await world().as(userId)
  const { conversations } = (await as("GET", `/conversations?status=${status}`)).as(List)
  return Promise.all(
    conversations.map(async (conversation) => {
      const { messages } = (await as("GET", `/conversations/${conversation.id}/messages?limit=100`)).as(
        History
      )
      return { conversation, texts: messages.filter(({ type }) => type === "TEXT") }
    })
  )
}

const long: Talk = {
  key: "test-1",
  business: "morgenrot",
  worker: "noa",
  ends: "delivered",
  sittings: [
    on(100, "10:00", b("Would you like to try a day with us?"), w("Yes!"), b("Fine.")),
    on(3, "11:00", w("When?")),
    lately(30, b("Tomorrow."), b("At six."))
  ]
}
const over: Talk = {
  key: "test-2",
  business: "olivar",
  worker: "noa",
  ends: "read",
  archivedBy: "worker",
  sittings: [on(50, "08:00", w("Is it still free?"), b("Sadly not."))]
}

/** The people are put by the demo itself, as are applications of its own talks; these are of this test. */
const putApplications = async () => {
  const platform = await world().as("platform", "service")
  await played([])
  for (const { business, key, worker } of [long, over]) {
    const body = { business: people[business].id, worker: people[worker].id, status: "open" }
    assert.strictEqual(
      (await platform("PUT", `/directory/applications/${applicationOf(key)}`, body)).status,
      200
    )
  }
}

const clockIsBack = async () => {
  const { business, say } = await world().talk()
  const { sentAt } = await say(business, "What time is it?")
  assert.closeTo(Date.parse(sentAt), Date.now(), 60_000)
}

describe("npm run demo", () => {
  it("plays what people said at its time, and nothing twice; stopped half way it goes on", async () => {
    await putApplications()
    const controller = new AbortController()
    let steps = 0
    const stopped = await played(
      [long, over],
      () => ++steps === 5 && controller.abort(),
      controller.signal
    ).then(
      () => null,
      (error: unknown) => error
    )
    assert.instanceOf(stopped, DemoStopped)
    assert.strictEqual(steps, 5)
    await clockIsBack()

    assert.strictEqual((await played([long, over])).added, 2)
    const [open] = await seenBy(people.noa.id, "active")
    const [archived] = await seenBy(people.noa.id, "archived")
    assert.deepStrictEqual(
      open?.texts.map((entry) => ("text" in entry ? entry.text : null)),
      long.sittings.flatMap(({ lines }) => lines.map(({ text }) => text))
    )
    const ages = open?.texts.map(({ sentAt }) => Math.round((Date.now() - Date.parse(sentAt)) / day))
    // Whichever time of day it is now.
    assert.deepStrictEqual(
      ages?.map((age) => Math.round(age / 10)),
      [10, 10, 10, 0, 0, 0]
    )
    assert.deepInclude(open?.conversation, { unreadCount: 2, messageCount: 6 })
    assert.deepInclude(archived?.conversation, { unreadCount: 0, messageCount: 2, status: "ARCHIVED" })

    assert.strictEqual((await played([long, over])).added, 0)
    assert.strictEqual((await seenBy(people.noa.id, "active"))[0]?.texts.length, 6)
    await clockIsBack()
  })

  it("has a world that is in order: between other people each, over five months, never ahead of now", () => {
    const now = Date.now()
    const steps = schedule(talks, now)
    const said = steps.flatMap((step) => (step._tag === "Say" ? [step] : []))
    assert.isAtLeast(talks.length, 15)
    assert.strictEqual(
      new Set([...talks, unopened].map((talk) => `${talk.business} ${talk.worker}`)).size,
      talks.length + 1
    )
    assert.isTrue(talks.some((talk) => messagesIn(talk) > 300))
    assert.strictEqual(new Set(said.map(({ clientMessageId }) => clientMessageId)).size, said.length)
    assert.isTrue(steps.every(({ at }, index) => at >= (steps[index - 1]?.at ?? 0) && at <= now))
    assert.closeTo(now - (steps[0]?.at ?? 0), 146 * day, 2 * day)
    for (const talk of talks) {
      const its = said.filter((step) => step.talk === talk).map(({ text }) => text)
      assert.deepStrictEqual(
        its,
        talk.sittings.flatMap(({ lines }) => lines.map(({ text }) => text)),
        talk.key
      )
    }
  })
})
