import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { createInterface } from "node:readline"
import { assert, describe, it } from "vitest"
import * as HttpWorld from "../../http/HttpWorld.ts"
import { readAnswer } from "../../rpc/RpcSocket.ts"

const world = HttpWorld.forThisFile()

const page = readFileSync(new URL("../../../docs/rpc.md", import.meta.url), "utf8")
const block = (language: string) => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? ""

/** What a command line of curl asks for, as curl itself would. */
const curl = (command: string, variables: Readonly<Record<string, string>>) => {
  const filled = command.replaceAll(/\$(\w+)/g, (_all, name) => variables[name] ?? "")
  const headers = [...filled.matchAll(/-H "([^:]+): ([^"]+)"/g)].map(
    ([, name = "", value = ""]) => [name, value] as const
  )
  const body = /-d '([^']+)'/.exec(filled)?.[1] ?? ""
  const url = /curl -s (\S+)/.exec(filled)?.[1] ?? ""
  return { url, headers: Object.fromEntries(headers), body }
}

describe("what docs/rpc.md shows", () => {
  it("is answered over HTTP as it says", async () => {
    const { business, id, userIds } = await world().talk()
    await business("PATCH", `/conversations/${id}/archive`)
    const { body, headers, url } = curl(block("sh"), { TOKEN: await world().signIn(userIds.business) })
    const here = url.replace("http://127.0.0.1:3000", world().origin)
    const ask = async () => (await fetch(here, { method: "POST", headers, body })).text()
    let text = await ask()
    const until = performance.now() + 10_000
    const empty = `{"jsonrpc":"2.0","id":1,"result":{"conversations":[],"next":null}}`
    assert.include(page, empty)
    // The list follows the archiving a moment later.
    while (text !== empty && performance.now() < until) text = await ask()
    assert.strictEqual(text, empty)
  })

  it("is refused as it says", async () => {
    const { business } = await world().talk()
    const conversationId = "6f1ce5d1-3a0b-8c4d-9e2f-0a1b2c3d4e5f"
    const call = { jsonrpc: "2.0", id: 1, method: "DescribeConversation", params: { conversationId } }
    const answer = await business("POST", "/rpc", call, {
      headers: { "x-correlation-id": "0190f1a0-0000-4000-8000-00000000000a" }
    })
    const shown = readAnswer(JSON.parse(block("json")))
    assert.deepStrictEqual(readAnswer(answer.json), shown)
  })

  it("signs in and follows, run as it stands", async () => {
    const { business, say, userIds } = await world().talk()
    const program = block("js").replace("127.0.0.1:3000", `127.0.0.1:${world().port}`)
    const token = JSON.stringify(await world().signIn(userIds.worker))
    const child = spawn(process.execPath, ["--input-type=module", "-"], {
      stdio: ["pipe", "pipe", "inherit"]
    })
    child.stdin.end(`const token = ${token}\n${program}`)
    const told: Array<{ readonly type: string; readonly text?: string }> = []
    const lines = createInterface({ input: child.stdout })
    lines.on("line", (line) => told.push(JSON.parse(line)))
    const until = async (type: string) => {
      while (told.at(-1)?.type !== type) await once(lines, "line", { signal: AbortSignal.timeout(10_000) })
    }
    await until("resumed")
    const texts = ["one", "two", "three"]
    for (const text of texts) await say(business, text)
    while (told.filter(({ type }) => type === "message_received").length < texts.length) {
      await once(lines, "line", { signal: AbortSignal.timeout(10_000) })
    }
    assert.deepStrictEqual(
      told.flatMap(({ text, type }) => (type === "message_received" ? [text] : [])),
      texts
    )
    child.kill("SIGKILL")
    await once(child, "exit")
  })
})
