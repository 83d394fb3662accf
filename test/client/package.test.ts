import { type ChildProcess, execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { promisify } from "node:util"
import { build } from "vite"
import { afterAll, afterEach, assert, beforeAll, describe, it, vi } from "vitest"
import * as HttpWorld from "../http/HttpWorld.ts"
import { type PackedClient, packClient, sample } from "./PackedClient.ts"

const execute = promisify(execFile)
const repository = join(import.meta.dirname, "../..")
const world = HttpWorld.forThisFile()
let packed: PackedClient
beforeAll(async () => {
  packed = await packClient()
})
afterAll(() => packed?.remove())

const filesOf = (extension: string) =>
  readdirSync(packed.path, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(extension))
    .map((name) => ({ name, text: readFileSync(join(packed.path, name), "utf8") }))

const importsOf = (text: string) =>
  [...text.matchAll(/(?:from|import)\s*\(?\s*["']([^"']+)["']/g)].map(([, imported = ""]) => imported)

/** Size of a program for a browser that is made of `text`. */
const bundled = async (text: string) => {
  const input = join(packed.folder, "entry.js")
  writeFileSync(input, text)
  const made = await build({
    ...{ configFile: false, logLevel: "error", root: packed.folder },
    build: { write: false, modulePreload: false, rolldownOptions: { input } }
  })
  const outputs = [made].flat().flatMap((each) => ("output" in each ? each.output : []))
  return outputs.reduce((sum, output) => sum + (output.type === "chunk" ? output.code.length : 0), 0)
}

const consumer = `
import { type Client, ClientError, createClient, type Entry, type Timeline } from "@indelible/client"

const client: Client = createClient({ userId: "ann", token: async () => "token" })
const chat = client.open("c")
const states = (timeline: Timeline) =>
  timeline.entries.map((entry: Entry) => (entry.kind === "message" ? entry.state : entry.change))
export const shown: ReadonlyArray<"queued" | "sent" | "delivered" | "read" | "failed" | "archived" | "reopened" | null> =
  states(chat.timeline.get())
// @ts-expect-error a token is needed
createClient({ userId: "ann" })
// @ts-expect-error what was shown is never changed
chat.timeline.get().entries.push()
// @ts-expect-error there is no such state
if (client.connection.get().status === "gone") await client.close()
const error = new ClientError("offline", "no network")
export const after: number | null = error.retryAfterMs
// @ts-expect-error not any
error.retryAfter
`

describe("the client's package", () => {
  it("describes itself as one may publish it, with pinned dependencies and nothing of this repository", () => {
    const described = JSON.parse(readFileSync(join(packed.path, "package.json"), "utf8"))
    const { dependencies, engines, exports, name, private: isPrivate, scripts, sideEffects, type } = described
    assert.deepStrictEqual([name, type, sideEffects], ["@indelible/client", "module", false])
    assert.deepStrictEqual(Object.keys(dependencies), ["effect", "idb"])
    for (const version of Object.values(dependencies)) assert.match(String(version), /^\d+\.\d+\.\d+$/)
    assert.deepStrictEqual(engines, { node: ">=22" })
    assert.deepStrictEqual(exports, { ".": { types: "./index.d.ts", default: "./index.js" } })
    assert.deepStrictEqual([isPrivate, scripts], [undefined, undefined])
    assert.lengthOf(filesOf("README.md"), 1)
  })

  it("has nothing of the server in it, and imports its two dependencies and its own files alone", () => {
    const [programs, types] = [filesOf(".js"), filesOf(".d.ts")]
    assert.isAbove(programs.length, 50)
    for (const { name, text } of programs) {
      assert.notMatch(name, /^(?:server|application|infrastructure|projections|web)\//)
      for (const imported of importsOf(text))
        assert.match(imported, /^(?:\.{1,2}\/.+\.js|idb|effect(?:\/.+)?)$/, name)
    }
    assert.isAbove(types.length, 8)
    for (const { name, text } of types) {
      for (const imported of importsOf(text)) assert.match(imported, /^\.{1,2}\/.+\.js$/, name)
    }
    const sources = readdirSync(packed.path, { recursive: true, encoding: "utf8" })
    assert.deepStrictEqual(
      sources.filter((name) => /(?<!\.d)\.tsx?$|\.test\./.test(name)),
      []
    )
  })

  it("types what programs do with it, React's among them, by its own declarations", async () => {
    writeFileSync(join(packed.folder, "consumer.ts"), consumer)
    writeFileSync(join(packed.folder, "binding.tsx"), sample("tsx"))
    const strict = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true }
    const compilerOptions = {
      ...strict,
      ...{ target: "es2024", lib: ["es2024", "dom"], module: "nodenext", jsx: "react-jsx", noEmit: true },
      ...{ types: [], verbatimModuleSyntax: true, skipLibCheck: false }
    }
    const files = ["consumer.ts", "binding.tsx"]
    writeFileSync(join(packed.folder, "package.json"), `{ "type": "module" }`)
    writeFileSync(join(packed.folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }))
    const tsc = join(repository, "node_modules/.bin/tsc")
    const said = await execute(tsc, ["--project", packed.folder]).then(
      ({ stdout }) => stdout,
      (failure: { readonly stdout: string }) => failure.stdout
    )
    assert.strictEqual(said, "")
  })

  it("costs a program what it uses of it", async () => {
    const error = await bundled(`import { ClientError } from "@indelible/client"; console.log(ClientError)`)
    assert.isBelow(error, 1_000)
    assert.isAbove(error, 100)
    const nothing = await bundled(`import "@indelible/client"; console.log("nothing")`)
    assert.isBelow(nothing, 100)
  })
})

describe("the chat that the client's README shows", () => {
  const chats = new Set<ChildProcess>()
  afterEach(async () => {
    for (const chat of chats) {
      const ended = once(chat, "exit")
      chat.kill("SIGKILL")
      await ended
    }
    chats.clear()
  })

  const chat = (userId: string, id: string) => {
    const child = spawn(process.execPath, ["chat.mjs", world().origin, userId, id], {
      cwd: packed.folder,
      stdio: ["pipe", "pipe", "inherit"]
    })
    chats.add(child)
    const lines: Array<string> = []
    createInterface({ input: child.stdout }).on("line", (line) => lines.push(line))
    return {
      type: (text: string) => child.stdin.write(`${text}\n`),
      shows: (line: string) =>
        vi.waitFor(() => assert.include(lines, line), { timeout: 20_000, interval: 20 }).then(() => lines)
    }
  }

  it("is twenty lines, and lets two people talk", async () => {
    const program = sample("js")
    assert.isAtMost(program.split("\n").filter((line) => line.trim() !== "").length, 20)
    writeFileSync(join(packed.folder, "chat.mjs"), program)
    const { applicationId, id, userIds } = await world().talk()
    const [business, worker] = [chat(userIds.business, applicationId), chat(userIds.worker, id)]
    business.type("Can you start on Monday?")
    await worker.shows("other: Can you start on Monday?")
    worker.type("Yes")
    await business.shows("other: Yes")
    const shown = await business.shows("me (read): Can you start on Monday?")
    assert.strictEqual(shown[0], "me (queued): Can you start on Monday?")
    await worker.shows("me (read): Yes")
  })
})
