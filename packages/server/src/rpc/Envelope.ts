import { storable } from "@indelible/domain/text/TextRules"
import { Result, Schema, type SchemaIssue } from "effect"

/** What a client calls one of its calls: its answer carries it. */
export const CallId = Schema.Union([
  Schema.String.check(Schema.isBetweenLength(1, 64), Schema.makeFilter(storable)),
  Schema.Int
])
export type CallId = typeof CallId.Type

const version = { jsonrpc: Schema.Literal("2.0") }

const Call = Schema.Struct({
  ...version,
  id: CallId,
  method: Schema.String,
  params: Schema.optionalKey(Schema.Unknown),
  /** Only over WebSocket, where there are no others: `x-correlation-id`. */
  headers: Schema.optionalKey(Schema.Array(Schema.Tuple([Schema.String, Schema.String])))
})
export type Call = typeof Call.Type

const about = { params: Schema.Struct({ requestId: CallId }) }

/** What the clients of `effect/rpc` say besides calls, in its names. */
const Signal = Schema.Union([
  Schema.Struct({ ...version, method: Schema.Literal("@effect/rpc/Ping") }),
  Schema.Struct({ ...version, method: Schema.Literal("@effect/rpc/Ack"), ...about }),
  Schema.Struct({ ...version, method: Schema.Literal("@effect/rpc/Interrupt"), ...about })
])

export type Envelope =
  | { readonly _tag: "Call"; readonly call: Call }
  | { readonly _tag: "Ping" }
  | { readonly _tag: "Ack" | "Interrupt"; readonly requestId: CallId }

/** Why a message is neither. Nobody can be answered under an id that could not be made out. */
export interface Unreadable {
  readonly id: CallId | null
  readonly issue: SchemaIssue.Issue
}

const decodeCall = Schema.decodeUnknownResult(Call, { errors: "all" })
const decodeSignal = Schema.decodeUnknownOption(Signal)
const idOf = Schema.decodeUnknownOption(Schema.Struct({ id: CallId }))

const signalOf = (signal: typeof Signal.Type): Envelope => {
  switch (signal.method) {
    case "@effect/rpc/Ping":
      return { _tag: "Ping" }
    case "@effect/rpc/Ack":
      return { _tag: "Ack", requestId: signal.params.requestId }
    case "@effect/rpc/Interrupt":
      return { _tag: "Interrupt", requestId: signal.params.requestId }
  }
}

/**
 * Reads one JSON-RPC 2.0 message. Members that are not known are left alone, as the standard has it; batches and
 * notifications are not taken, since nobody could be told how they went.
 */
export const readEnvelope = (json: unknown): Result.Result<Envelope, Unreadable> => {
  const call = decodeCall(json)
  if (Result.isSuccess(call)) return Result.succeed({ _tag: "Call", call: call.success })
  const signal = decodeSignal(json)
  if (signal._tag === "Some") return Result.succeed(signalOf(signal.value))
  const named = idOf(json)
  return Result.fail({ id: named._tag === "Some" ? named.value.id : null, issue: call.failure.issue })
}
