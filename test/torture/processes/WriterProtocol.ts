import { Schema } from "effect"
import { Outcome } from "./Outcome.ts"

/** One line on a writer's stdin: a note to write. `call` names this call; the command's own name may come again. */
export const Request = Schema.fromJsonString(
  Schema.Struct({
    call: Schema.Int,
    stream: Schema.String,
    actor: Schema.String,
    commandId: Schema.String,
    text: Schema.String
  })
)
export type Request = typeof Request.Type

/** One line on its stdout: `ready` once, then exactly one answer a call. Times as in `Attempt`. */
export const Line = Schema.fromJsonString(
  Schema.Union([
    Schema.Struct({ ready: Schema.Literal(true) }),
    Schema.Struct({ call: Schema.Int, began: Schema.Finite, ended: Schema.Finite, outcome: Outcome })
  ])
)
export type Line = typeof Line.Type
