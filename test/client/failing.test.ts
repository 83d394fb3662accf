import { createClient } from "@indelible/client"
import { assert, describe, it } from "vitest"
import * as HttpWorld from "../http/HttpWorld.ts"
import { statesOf, textsOf } from "./Texts.ts"
import { until } from "./Until.ts"

const world = HttpWorld.forThisFile({ LIMIT_MESSAGES: "1" })

describe("a message that the service refuses for long", () => {
  it("NFR-MSG-SEC-003 waits for a tap with those behind it, fails again, and lets them go once it is taken back", async () => {
    const { id, userIds } = await world().talk()
    const userId = userIds.business
    const client = createClient({ userId, url: world().origin, token: () => world().signIn(userId) })
    const open = client.open(id)
    await until(client.connection, ({ status }) => status === "online")
    for (const text of ["first", "second", "third"]) await open.send(text)
    const failed = await until(open.timeline, (timeline) => statesOf(timeline)[1] === "failed")
    assert.deepStrictEqual(statesOf(failed), ["sent", "failed", "queued"])
    const second = failed.entries[1]
    assert.isTrue(second?.kind === "message" && second.failure?.code === "rate_limited")
    assert.isAbove((second?.kind === "message" && second.failure?.retryAfterMs) || 0, 60_000)
    assert.strictEqual(client.unsent.get(), 2)

    await open.retry(second?.key ?? "")
    await until(open.timeline, (timeline) => statesOf(timeline)[1] === "queued")
    await until(open.timeline, (timeline) => statesOf(timeline)[1] === "failed")

    await open.discard(second?.key ?? "")
    const left = await until(open.timeline, (timeline) => statesOf(timeline)[1] === "failed")
    assert.deepStrictEqual(textsOf(left), ["first", "third"])
    assert.strictEqual(client.unsent.get(), 1)
    await client.close()
  })
})
