import { afterEach, assert, describe, it, vi } from "vitest"
import { conversationId, me } from "../../../test/client/Histories.ts"
import { scriptedSockets } from "../../../test/client/ScriptedSockets.ts"
import type { Client } from "./Client.ts"
import { ClientError } from "./ClientError.ts"
import { createClient } from "./createClient.ts"

const clients = new Set<Client>()
afterEach(async () => {
  for (const client of clients) await client.close()
  clients.clear()
})

const signedOut = () => {
  const token = () => Promise.reject(new ClientError("signed_out", "nobody"))
  const client = createClient({ userId: "ann", url: "http://127.0.0.1:9", token })
  clients.add(client)
  return client
}

describe("a conversation that cannot be", () => {
  it("is opened as any that there is not, and says so", async () => {
    const chat = signedOut().open("nonsense")
    await vi.waitFor(() => assert.strictEqual(chat.timeline.get().error?.code, "conversation_not_found"))
    assert.isUndefined(chat.conversation.get())
    chat.typing(true)
    chat.seen(1)
    chat.close()
  })

  it("takes no messages", async () => {
    const client = signedOut()
    const sent = await client
      .open("nonsense")
      .send("hello")
      .catch((error: unknown) => error)
    assert(sent instanceof ClientError)
    assert.strictEqual(sent.code, "conversation_not_found")
    assert.strictEqual(client.unsent.get(), 0)
  })
})

describe("a client that is closed", () => {
  it("while somebody types leaves no failure behind that nobody waits for", async () => {
    const failures: Array<unknown> = []
    const note = (error: unknown) => void failures.push(error)
    process.on("unhandledRejection", note)
    try {
      const sockets = scriptedSockets("signed in")
      vi.stubGlobal("WebSocket", sockets.Socket)
      const client = createClient({ userId: me, url: "http://127.0.0.1:9", token: async () => "token" })
      const chat = client.open(conversationId)
      await vi.waitFor(() => assert.lengthOf(sockets.tokens, 1))
      // More at once than the pace lets go: some of it waits when the client is closed.
      for (let key = 0; key < 60; key += 1) chat.typing(key % 2 === 0)
      await client.close()
      await new Promise((resolve) => setImmediate(resolve))
      assert.deepStrictEqual(failures, [])
    } finally {
      process.off("unhandledRejection", note)
      vi.unstubAllGlobals()
    }
  })
})
