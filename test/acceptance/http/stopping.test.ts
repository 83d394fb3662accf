import { randomUUID } from "node:crypto"
import { assert, describe, it } from "vitest"
import * as HttpWorld from "../../http/HttpWorld.ts"
import { rawHttp } from "../../http/RawHttp.ts"

const world = HttpWorld.forThisFile()

describe("a stop", () => {
  it("F5 is told by readiness at once, waits for what is in flight, and ends within 5 s", async () => {
    const { path, userIds } = await world().talk()
    const token = await world().signIn(userIds.business)
    const body = JSON.stringify({ type: "TEXT", clientMessageId: randomUUID(), text: "just in time" })
    const inFlight = await rawHttp(world().port)
    inFlight.write(
      `POST ${path}/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`
    )
    // It has been let in, and its body is waited for.
    await inFlight.until("100 Continue")
    inFlight.write(body.slice(0, 10))
    const started = performance.now()
    const stopped = world().stop()
    let ready = await world().anyone("GET", "/health/ready")
    while (ready.status === 200) ready = await world().anyone("GET", "/health/ready")
    assert.strictEqual(ready.outcome, "503 not_ready")
    assert.include(ready.text, "is stopping")
    inFlight.write(body.slice(10))
    const answer = await inFlight.until("\r\n\r\n{")
    assert.include(answer, "HTTP/1.1 201 ")
    inFlight.end()
    await stopped
    assert.isBelow(performance.now() - started, 5_000)
  })
})
