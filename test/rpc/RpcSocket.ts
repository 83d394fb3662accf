import { Schema } from "effect"
import { JsonSocket, type SocketOptions } from "../realtime/JsonSocket.ts"

const Id = Schema.NullOr(Schema.Union([Schema.String, Schema.Number]))
const Refused = Schema.Struct({
  _tag: Schema.Literal("Cause"),
  code: Schema.Int,
  message: Schema.String,
  data: Schema.Array(
    Schema.Union([
      Schema.Struct({ _tag: Schema.Literal("Fail"), error: Schema.Unknown }),
      Schema.Struct({ _tag: Schema.Literal("Interrupt"), fiberId: Schema.Unknown })
    ])
  )
})
const version = { jsonrpc: Schema.Literal("2.0") }

/** What may come, and nothing else: no answer of ours is a defect. */
const RpcMessage = Schema.Union([
  Schema.Struct({ ...version, id: Id, chunk: Schema.Literal(true), result: Schema.Array(Schema.Unknown) }),
  Schema.Struct({ ...version, id: Id, result: Schema.Unknown }),
  Schema.Struct({ ...version, id: Id, error: Refused }),
  Schema.Struct({ ...version, method: Schema.Literal("@effect/rpc/Pong") })
])
export type RpcMessage = typeof RpcMessage.Type

const decode = Schema.decodeUnknownSync(RpcMessage, { onExcessProperty: "error" })
const problemOf = Schema.decodeUnknownSync(
  Schema.Struct({
    code: Schema.String,
    correlationId: Schema.String,
    retryAfterMs: Schema.optionalKey(Schema.Int),
    errors: Schema.optionalKey(
      Schema.Array(
        Schema.Struct({
          path: Schema.Array(Schema.Union([Schema.String, Schema.Number])),
          message: Schema.String
        })
      )
    )
  })
)

/** What a call was refused with, as it came. */
export const errorIn = (message: RpcMessage): unknown => {
  const [reason] = "error" in message ? message.error.data : []
  return reason?._tag === "Fail" ? reason.error : undefined
}

/** The problem that a call was refused with; throws when it was not. */
export const problemIn = (message: RpcMessage) => problemOf(errorIn(message))

/** `ok`, `cancelled`, or the code of the problem. */
export const outcomeOf = (message: RpcMessage): string => {
  if (!("error" in message)) return "ok"
  return message.error.data[0]?._tag === "Interrupt" ? "cancelled" : problemIn(message).code
}

/** An answer to a call over HTTP. */
export const readAnswer = (json: unknown): RpcMessage => decode(json)

/** Speaks JSON-RPC over WebSocket as any program could, well or badly. */
export class RpcSocket extends JsonSocket<RpcMessage> {
  #calls = 0

  constructor(port: number, options: SocketOptions = {}) {
    super(port, decode, { path: "/rpc/ws", ...options })
  }

  /** The final answer to a call, past and future. */
  answer(id: string | number | null): Promise<RpcMessage> {
    return this.until(`answer to ${id}`, () =>
      this.received.find((message) => "id" in message && message.id === id && !("chunk" in message))
    )
  }

  post(method: string, params?: unknown, id: string | number = `call ${this.#calls++}`): string | number {
    this.raw(JSON.stringify({ jsonrpc: "2.0", id, method, ...(params !== undefined && { params }) }))
    return id
  }

  call(method: string, params?: unknown): Promise<RpcMessage> {
    return this.answer(this.post(method, params))
  }

  /** Tells the server something about one of the calls, as clients of `effect/rpc` do. */
  signal(name: "Ack" | "Interrupt" | "Ping", requestId?: string | number): void {
    this.raw(
      JSON.stringify({
        jsonrpc: "2.0",
        method: `@effect/rpc/${name}`,
        ...(requestId !== undefined && { params: { requestId } })
      })
    )
  }

  async outcome(method: string, params?: unknown): Promise<string> {
    return outcomeOf(await this.call(method, params))
  }
}
