import type { ClientFrame, ResumeCursor } from "@indelible/api/realtime/ClientFrame"
import { ServerFrame } from "@indelible/api/realtime/ServerFrame"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Data, Effect, Schema } from "effect"
import { WebSocket } from "ws"
import { Place } from "./Place.ts"

/** The line was cut, or never came to be. */
export class Gone extends Data.TaggedError("Gone")<{ readonly code: number }> {
  override get message() {
    return `the line was closed with ${this.code}`
  }
}
/** An answer that is not the one that was asked for. */
export class Unexpected extends Data.TaggedError("Unexpected")<{ readonly frame: ServerFrame }> {
  override get message() {
    return `the answer was ${JSON.stringify(this.frame)}`
  }
}

type Answer = Effect.Effect<ServerFrame, Gone>

const decode = Schema.decodeUnknownSync(Schema.fromJsonString(ServerFrame))

/** One socket of one person. It keeps no frames, only where each conversation stands. */
export class Device {
  readonly places = new Map<ConversationId, Place>()
  /** Told of every frame. */
  heard: (frame: ServerFrame) => void = () => {}
  readonly #url: string
  readonly #token: string | null
  readonly #asked = new Map<string, (answer: Answer) => void>()
  #asks = 0
  #socket: WebSocket | undefined

  /** @param token null: the server does not ask who it is */
  constructor(url: string, token: string | null) {
    this.#url = url
    this.#token = token
  }

  get open(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN
  }

  /** Connects and says who it is, as browsers do: in the first frame. */
  get connect(): Effect.Effect<void, Gone | Unexpected> {
    const token = this.#token
    if (token === null) return this.#open
    return Effect.andThen(this.#open, this.expect({ type: "authenticate", token }, "authenticated"))
  }

  /** Catches up with all it holds, and learns of what it does not hold yet. */
  get resume(): Effect.Effect<void, Gone | Unexpected> {
    return Effect.gen({ self: this }, function* () {
      for (let more = true; more; ) {
        const conversations = Array.from(
          this.places,
          ([conversationId, { pos, tag }]): ResumeCursor => ({ conversationId, pos, tag })
        )
        const resumed = yield* this.expect({ type: "resume", conversations, others: true }, "resumed")
        if (resumed.conversations.some(({ state }) => state === "resync" || state === "not_found")) {
          return yield* new Unexpected({ frame: resumed })
        }
        for (const { conversationId, ...at } of resumed.others ?? []) {
          this.places.set(conversationId, new Place(at))
        }
        more = resumed.conversations.some(({ state }) => state === "more")
      }
    })
  }

  post(frame: ClientFrame): void {
    this.#socket?.send(JSON.stringify(frame))
  }

  /** Sends a frame and waits for its answer, of this type. */
  expect<Type extends ServerFrame["type"]>(frame: ClientFrame, type: Type) {
    const isExpected = (answer: ServerFrame): answer is Extract<ServerFrame, { readonly type: Type }> =>
      answer.type === type
    return Effect.flatMap(this.#ask(frame), (answer) =>
      isExpected(answer) ? Effect.succeed(answer) : Effect.fail(new Unexpected({ frame: answer }))
    )
  }

  /** Cuts the line, without a goodbye. */
  drop(): void {
    this.#socket?.terminate()
  }

  get #open(): Effect.Effect<void, Gone> {
    return Effect.callback((resume) => {
      const socket = new WebSocket(this.#url, { perMessageDeflate: false })
      this.#socket = socket
      socket.on("open", () => resume(Effect.void))
      socket.on("message", (data) => this.#take(decode(data.toString())))
      // A close follows.
      socket.on("error", () => {})
      socket.on("close", (code) => {
        const gone = Effect.fail(new Gone({ code }))
        resume(gone)
        if (this.#socket !== socket) return
        for (const answer of this.#asked.values()) answer(gone)
        this.#asked.clear()
      })
    })
  }

  #ask(frame: ClientFrame): Answer {
    return Effect.callback((resume) => {
      const id = String(this.#asks++)
      this.#asked.set(id, resume)
      this.post({ ...frame, id })
    })
  }

  #take(frame: ServerFrame): void {
    // `joined` tells where a conversation stands and a repeat where it stood: neither is an event.
    if ("pos" in frame && frame.type !== "joined" && !("repeat" in frame)) {
      this.places.get(frame.conversationId)?.take(frame)
    }
    if ("id" in frame && frame.id !== undefined) {
      this.#asked.get(frame.id)?.(Effect.succeed(frame))
      this.#asked.delete(frame.id)
    }
    this.heard(frame)
  }
}
