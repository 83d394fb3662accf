import { randomUUID } from "node:crypto"
import { ClientMessageId } from "@indelible/domain/conversation/ClientMessageId"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import type { Answer, AskOptions } from "../../http/Ask.ts"
import type { Asker, HttpWorld } from "../../http/HttpWorld.ts"
import { TestSocket } from "../../realtime/TestSocket.ts"
import { outcomeOf, type RpcMessage, readAnswer } from "../../rpc/RpcSocket.ts"

export const newId = () => ClientMessageId.make(randomUUID())

/** Many who write to one conversation at once may find it taken: the same again settles it, and counts once. */
const passing = new Set(["busy", "overloaded", "outcome_unknown"])

/** Sends a message over HTTP until it is saved or refused. */
export const sendBy = async (
  asker: Asker,
  conversation: string,
  text: string,
  clientMessageId = newId(),
  options?: AskOptions
): Promise<Answer> => {
  const body = { type: "TEXT", clientMessageId, text }
  for (;;) {
    const answer = await asker("POST", `/conversations/${conversation}/messages`, body, options)
    if (answer.status !== 503 || !passing.has(answer.problem().code)) return answer
  }
}

/** So many sockets on which this person is signed in: frames of one are worked on one after the other. */
export const connect = (world: HttpWorld, userId: string, count: number): Promise<Array<TestSocket>> =>
  Promise.all(
    Array.from({ length: count }, async () => {
      const socket = new TestSocket(world.port, { token: await world.signIn(userId) })
      await socket.frame(({ type }) => type === "authenticated")
      return socket
    })
  )

/** Sends a message over a socket until it is saved or refused. */
export const sendOn = async (
  socket: TestSocket,
  conversation: string,
  text: string,
  clientMessageId = newId()
) => {
  const conversationId = ConversationId.make(conversation)
  for (;;) {
    const id = randomUUID()
    socket.post({ type: "send_message", id, conversationId, clientMessageId, text })
    const frame = await socket.frame((each) => "id" in each && each.id === id)
    if (frame.type !== "error" || !passing.has(frame.code)) return frame
  }
}

/** Sends a message by calls, however they are made, until it is saved or refused; the code of the refusal, or `ok`. */
export const sendByCall = async (
  call: (method: string, params: unknown) => Promise<RpcMessage>,
  conversationId: string,
  text: string,
  clientMessageId = newId()
): Promise<string> => {
  for (;;) {
    const outcome = outcomeOf(await call("SendMessage", { conversationId, clientMessageId, text }))
    if (!passing.has(outcome)) return outcome
  }
}

/** Calls over HTTP, in somebody's name. */
export const callsBy = (asker: Asker) => async (method: string, params: unknown) =>
  readAnswer((await asker("POST", "/rpc", { jsonrpc: "2.0", id: 1, method, params })).json)

/** For after a test: what is left open would keep the service from stopping. */
export const hangUp = (sockets: ReadonlyArray<Pick<TestSocket, "socket">>) => {
  for (const { socket } of sockets) socket.terminate()
}
