import { Option, Schema } from "effect"
import type { ResponseExitEncoded } from "effect/rpc/RpcMessage"
import type { CallId } from "./Envelope.ts"

/** What of a problem's JSON goes into the error of JSON-RPC as well. */
const Told = Schema.Struct({
  code: Schema.String,
  status: Schema.Int,
  title: Schema.String,
  detail: Schema.optionalKey(Schema.String)
})
const toldOf = Schema.decodeUnknownOption(Told)

/** The numbers that JSON-RPC itself gives meaning to; all others are the problem's HTTP status. */
const reserved: Readonly<Record<string, number>> = {
  malformed_body: -32700,
  call_in_flight: -32600,
  unknown_method: -32601,
  invalid_request: -32602,
  internal_error: -32603
}

type Cause = Extract<ResponseExitEncoded["exit"], { readonly _tag: "Failure" }>["cause"]

const version = { jsonrpc: "2.0" } as const
const cancelled = -32800
const interrupted: Cause[number] = { _tag: "Interrupt", fiberId: null }

const errorText = (id: CallId | null, code: number, message: string, data: Cause) =>
  // The tag tells clients of `effect/rpc` to find the typed error in `data`.
  JSON.stringify({ ...version, id, error: { _tag: "Cause", code, message, data } })

/** @param problem as JSON */
export const problemText = (id: CallId | null, problem: unknown): string => {
  const { code, detail, status, title } = Option.getOrElse(toldOf(problem), () => ({
    code: "internal_error",
    status: 500,
    title: "Something went wrong here",
    detail: undefined
  }))
  return errorText(id, reserved[code] ?? status, detail ?? title, [{ _tag: "Fail", error: problem }])
}

export const pongText = JSON.stringify({ ...version, method: "@effect/rpc/Pong" })

export const chunkText = (id: CallId, result: ReadonlyArray<unknown>): string =>
  JSON.stringify({ ...version, chunk: true, id, result })

/** The answer to a call that was never begun. */
export const cancelledText = (id: CallId): string => errorText(id, cancelled, "cancelled", [interrupted])

/**
 * The answer to a call.
 *
 * @param defect makes the problem to answer with instead of what was thrown, which is nobody's business outside
 */
export const exitText = (id: CallId, exit: ResponseExitEncoded["exit"], defect: () => unknown): string => {
  if (exit._tag === "Success") return JSON.stringify({ ...version, id, result: exit.value ?? null })
  const failed = exit.cause.find((reason) => reason._tag === "Fail")
  if (failed !== undefined) return problemText(id, failed.error)
  return exit.cause.every((reason) => reason._tag === "Interrupt")
    ? errorText(id, cancelled, "cancelled", exit.cause)
    : problemText(id, defect())
}
