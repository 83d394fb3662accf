import { assert, describe, it } from "vitest"
import * as HttpWorld from "../../http/HttpWorld.ts"
import { rawHttp } from "../../http/RawHttp.ts"

const world = HttpWorld.forThisFile({ HEADERS_TIMEOUT: "1", REQUEST_TIMEOUT: "2", MAX_REQUESTS: "3" })

const healthy = async () => assert.strictEqual((await world().anyone("GET", "/health/live")).status, 200)

/** The head of a send by somebody who may, whose body is still to come. */
const sendHead = async (headers: string) => {
  const { path, userIds } = await world().talk()
  const token = await world().signIn(userIds.business)
  return `POST ${path}/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n${headers}\r\n`
}

describe("clients that take their time", () => {
  it("H8 headers that never end are cut off, and others do not wait", async () => {
    const slow = await rawHttp(world().port)
    const started = performance.now()
    slow.write("GET /conversations HTTP/1.1\r\nHost: x\r\n")
    const drip = setInterval(() => slow.write("X-A: b\r\n"), 200)
    await healthy()
    const received = await slow.closed()
    clearInterval(drip)
    assert.match(received, /^HTTP\/1\.1 408 /)
    assert.isBelow(performance.now() - started, 5_000)
  })

  it("H8 a body that never ends is cut off, whatever length it claims", async () => {
    const slow = await rawHttp(world().port)
    const started = performance.now()
    slow.write(await sendHead("Content-Length: 60000\r\n"))
    const drip = setInterval(() => slow.write(" "), 200)
    await healthy()
    await slow.closed()
    clearInterval(drip)
    assert.isBelow(performance.now() - started, 8_000)
  })

  it("as many as there is room for, and the next hears so at once, except about health", async () => {
    const head = await sendHead("Content-Length: 10\r\n")
    const held = await Promise.all([rawHttp(world().port), rawHttp(world().port), rawHttp(world().port)])
    for (const one of held) one.write(head)
    let answer = await world().anyone("GET", "/conversations")
    while (answer.status !== 503) answer = await world().anyone("GET", "/conversations")
    assert.strictEqual(answer.outcome, "503 overloaded")
    assert.strictEqual(answer.headers.get("retry-after"), "1")
    await healthy()
    for (const one of held) one.end()
    while (answer.status === 503) answer = await world().anyone("GET", "/conversations")
    assert.strictEqual(answer.outcome, "401 unauthenticated")
  })
})

describe("requests that two servers would read differently", () => {
  it.each([
    [
      "two lengths",
      "POST /conversations HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"
    ],
    [
      "a length and chunks",
      "POST /conversations HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    ],
    ["a bare line feed", "GET /conversations HTTP/1.1\nHost: x\n\n"],
    ["a folded header", "GET /conversations HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n\r\n"],
    ["no host", "GET /conversations HTTP/1.1\r\n\r\n"],
    ["a length that is none", "POST /conversations HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"],
    ["an unknown method", "FOO /conversations HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["a space before the colon", "GET /conversations HTTP/1.1\r\nHost: x\r\nX-A : b\r\n\r\n"]
  ])("H9 %s", async (_name, text) => {
    const connection = await rawHttp(world().port)
    connection.write(text)
    const received = await connection.closed()
    assert.match(received, /^HTTP\/1\.1 4\d\d /)
    await healthy()
  })

  it("headers larger than 16 KiB are refused", async () => {
    const connection = await rawHttp(world().port)
    connection.write(`GET / HTTP/1.1\r\nHost: x\r\nX-A: ${"b".repeat(20_000)}\r\n\r\n`)
    assert.match(await connection.closed(), /^HTTP\/1\.1 431 /)
  })

  it("H11 TRACE echoes nothing", async () => {
    const connection = await rawHttp(world().port)
    connection.write(
      "TRACE /conversations HTTP/1.1\r\nHost: x\r\nX-Secret: s3cret\r\nConnection: close\r\n\r\n"
    )
    const received = await connection.closed()
    assert.match(received, /^HTTP\/1\.1 405 /)
    assert.notInclude(received, "s3cret")
  })
})

describe("bodies that are too long", () => {
  it("T5 are refused by the length they claim, before any of it came", async () => {
    const connection = await rawHttp(world().port)
    connection.write(await sendHead("Content-Length: 10000000\r\n"))
    const received = await connection.until("body_too_large")
    connection.end()
    assert.match(received, /^HTTP\/1\.1 413 /)
  })

  it("T5 are cut off as soon as they are too long, when they claim none", async () => {
    const connection = await rawHttp(world().port)
    connection.write(await sendHead("Transfer-Encoding: chunked\r\nConnection: close\r\n"))
    for (let i = 0; i < 20; i++) connection.write(`4000\r\n${" ".repeat(0x4000)}\r\n`)
    const received = await connection.until("body_too_large")
    connection.end()
    assert.match(received, /^HTTP\/1\.1 413 /)
  })

  it("a body shorter than it says leaves nothing behind", async () => {
    const connection = await rawHttp(world().port)
    connection.write(`${await sendHead("Content-Length: 500\r\n")}{"type":"TEXT"`)
    await healthy()
    connection.end()
    await healthy()
  })
})
