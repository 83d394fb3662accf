import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { chmod, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { setTimeout } from "node:timers/promises"
import { Schema } from "effect"
import { afterAll, assert, describe, it } from "vitest"
import { WebSocket } from "ws"
import { ask } from "../../http/Ask.ts"

const repository = join(import.meta.dirname, "../../..")
const { scripts } = Schema.decodeUnknownSync(
  Schema.fromJsonString(Schema.Struct({ scripts: Schema.Struct({ start: Schema.String }) }))
)(readFileSync(join(repository, "package.json"), "utf8"))
const path = `${dirname(process.execPath)}:${process.env.PATH}`
const folders: Array<string> = []
const running = new Set<ChildProcess>()

afterAll(async () => {
  for (const child of running) child.kill("SIGKILL")
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

/** As npm does it: what npm is told to pass on to the service goes to this shell, which must have become the service. */
const start = (variables: Readonly<Record<string, string>>) => {
  const child = spawn("sh", ["-c", scripts.start], {
    cwd: repository,
    env: { PATH: path, PORT: "0", ...variables },
    stdio: ["ignore", "pipe", "pipe"]
  })
  running.add(child)
  let output = ""
  const heard = (chunk: Buffer) => {
    output += chunk.toString()
  }
  child.stdout.on("data", heard)
  child.stderr.on("data", heard)
  const exited = once(child, "exit").then(([code]) => {
    running.delete(child)
    return Number(code)
  })
  return {
    child,
    exited,
    output: () => output,
    ready: async () => {
      while (!output.includes("Indelible is ready.")) {
        const ended = await Promise.race([
          once(child.stdout, "data").then(() => false),
          exited.then(() => true)
        ])
        if (ended) throw new Error(output)
      }
      const origin = /interface\s+(http:\S+)\/docs/.exec(output)?.[1]
      if (origin === undefined) throw new Error(output)
      return origin
    }
  }
}

describe("npm start", () => {
  it("serves with no configuration at all, stops within 5 s on SIGTERM, starts again in under 3 s, and pings as often as told", async () => {
    const folder = await mkdtemp(join(tmpdir(), "indelible-start-"))
    // As root the database server runs under another account; where that cannot come, the data would go elsewhere and
    // stay there.
    await chmod(folder, 0o755)
    folders.push(folder)
    const first = start({ DATA_DIR: folder })
    const origin = await first.ready()
    assert.include(first.output(), `messenger   ${origin}/`)
    assert.include(first.output(), `keys        ${folder}`)
    assert.strictEqual((await ask(origin, "GET", "/health/ready")).status, 200)
    assert.include((await ask(origin, "GET", "/")).text, "<!doctype html>")

    const stopping = performance.now()
    first.child.kill("SIGTERM")
    assert.strictEqual(await first.exited, 0)
    assert.isBelow(performance.now() - stopping, 5_000)

    const starting = performance.now()
    const second = start({ DATA_DIR: folder, PING_INTERVAL: "1" })
    const again = await second.ready()
    assert.strictEqual((await ask(again, "GET", "/health/ready")).status, 200)
    // Under 3 s where nothing else runs; tests share the machine.
    assert.isBelow(performance.now() - starting, 10_000)

    const Token = Schema.Struct({ token: Schema.String })
    const bearing = async (body: { readonly userId: string; readonly role?: "service" }) => {
      const { token } = (await ask(again, "POST", "/development/sign-in", body)).as(Token)
      return { headers: { authorization: `Bearer ${token}` } }
    }
    const ada = { name: "Ada", email: "ada@example.com", role: "business", status: "active" }
    await ask(again, "PUT", "/directory/users/ada", ada, await bearing({ userId: "p", role: "service" }))
    // Both interfaces go by the setting.
    for (const path of ["/ws", "/rpc/ws"]) {
      const as = await bearing({ userId: "ada" })
      const socket = new WebSocket(`${again.replace("http", "ws")}${path}`, as)
      const heard = await Promise.race([
        once(socket, "ping").then(() => "ping"),
        once(socket, "close").then(([code]) => `closed with ${code}`),
        setTimeout(5_000, "nothing for 5 s")
      ])
      assert.strictEqual(heard, "ping", path)
      socket.terminate()
    }
    second.child.kill("SIGINT")
    assert.strictEqual(await second.exited, 0)
  })

  it("C5 names all that is wrong with its settings at once, and ends with 2", async () => {
    const refused = start({ PORT: "x", DATABASE_URL: "nothing", JWT_SECRET: "changeme", LOG_LEVEL: "loud" })
    assert.strictEqual(await refused.exited, 2)
    for (const name of ["PORT", "DATABASE_URL", "LOG_LEVEL", "JWT_ISSUER"])
      assert.include(refused.output(), name)
    assert.notInclude(refused.output(), "changeme")
    assert.notInclude(refused.output(), "    at ")
  })

  it("does not start in production with a sign-in for everyone", async () => {
    const refused = start({ NODE_ENV: "production" })
    assert.strictEqual(await refused.exited, 2)
    assert.include(refused.output(), "JWT_SECRET")
  })

  it("C5 says which database it cannot reach, without its password", async () => {
    const refused = start({
      DATABASE_URL: "postgresql://user:hunter2@127.0.0.1:1/none",
      MASTER_KEY: "4f1c2b3a5968778695a4b3c2d1e0f00112233445566778899aabbccddeeff001"
    })
    assert.strictEqual(await refused.exited, 1)
    assert.notInclude(refused.output(), "hunter2")
    assert.include(refused.output(), "ECONNREFUSED")
  })
})
