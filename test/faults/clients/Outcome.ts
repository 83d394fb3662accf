import type { ErrorCode } from "@indelible/api/realtime/ErrorCode"

/** What one attempt at a send came to, as the one who sent it may conclude. */
export type Attempted =
  | {
      readonly phase: "ok"
      readonly pos: number
      readonly tag: string
      readonly at: string
      readonly repeat: boolean
    }
  | { readonly phase: "fail" | "info"; readonly error: string }

/** Codes after which it may have been saved; after any other it was not, and never will be. */
const doubtful: ReadonlySet<string> = new Set<ErrorCode>(["outcome_unknown", "internal_error"])

/** What a refusal says of a send, whether it came over the socket or over HTTP: both use the same codes. */
export const refused = (code: string): Attempted => ({
  phase: doubtful.has(code) ? "info" : "fail",
  error: code
})

export const unanswered = (why: string): Attempted => ({ phase: "info", error: why })
