import { Schema } from "effect"
import { afterEach, assert, describe, it } from "vitest"
import { History, List } from "../../http/Answers.ts"
import * as HttpWorld from "../../http/HttpWorld.ts"

const world = HttpWorld.forThisFile({ LIMIT_MESSAGES: "2" })

const setTo = (at: string | null) => world().anyone("POST", "/development/clock", { at })
const day = 86_400_000
const daysAgo = (days: number) => new Date(Date.now() - days * day).toISOString()
const dayOf = (time: string | undefined) => time?.slice(0, 10)

afterEach(() => setTo(null))

describe("the clock of the record, in development", () => {
  it("dates what is written as it was set, in an order that never turns back", async () => {
    const at = [daysAgo(90), daysAgo(30), daysAgo(60)]
    await setTo(at[0] ?? "")
    const { business, path, say, worker } = await world().talk()
    const sent = []
    for (const time of at) {
      assert.strictEqual((await setTo(time)).status, 200)
      sent.push(await say(business, `as of ${time}`))
    }
    await setTo(null)
    const last = await say(worker, "now")
    assert.deepStrictEqual(
      sent.map(({ sentAt }) => dayOf(sentAt)),
      [at[0], at[1], at[1]].map(dayOf)
    )
    assert.closeTo(Date.parse(last.sentAt), Date.now(), 60_000)

    // The read models, and whoever is signed in all the while, tell the same.
    const history = (await world().readAfter(worker, last.token, `${path}/messages`)).as(History)
    const texts = history.messages.filter(({ type }) => type === "TEXT")
    assert.deepStrictEqual(
      texts.map(({ sentAt }) => sentAt),
      [...sent, last].map(({ sentAt }) => sentAt)
    )
    const [listed] = (await world().readAfter(worker, last.token, "/conversations")).as(List).conversations
    assert.strictEqual(listed?.lastMessage?.sentAt, last.sentAt)
  })

  it("NFR-MSG-SEC-003 lets an hour of a limit pass when it is played", async () => {
    const { business, send } = await world().talk()
    await setTo(daysAgo(10))
    for (const text of ["one", "two"]) assert.strictEqual((await send(business, text)).status, 201)
    assert.strictEqual((await send(business, "three")).outcome, "429 rate_limited")
    await setTo(daysAgo(9))
    assert.strictEqual((await send(business, "three")).status, 201)
  })

  it("is not set ahead, nor to what is no time, and says what it is", async () => {
    const ahead = await setTo(daysAgo(-1))
    assert.strictEqual(ahead.outcome, "400 invalid_request")
    assert.deepStrictEqual(ahead.problem().errors?.[0]?.path, ["payload", "at"])
    assert.strictEqual((await setTo("yesterday")).outcome, "400 invalid_request")
    const At = Schema.Struct({ at: Schema.String })
    assert.closeTo(Date.parse((await setTo(null)).as(At).at), Date.now(), 60_000)
    assert.strictEqual(dayOf((await setTo(daysAgo(7))).as(At).at), dayOf(daysAgo(7)))
  })
})
