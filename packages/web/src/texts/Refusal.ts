import type { Catalogue } from "./Catalogue.ts"

/** What may go wrong and has words of its own. */
export type KnownRefusal =
  | "offline"
  | "timed_out"
  | "signed_out"
  | "closed"
  | "invalid_text"
  | "storage_failed"
  | "forbidden"
  | "conversation_not_found"
  | "message_not_found"
  | "application_required"
  | "key_reused"
  | "busy"
  | "overloaded"
  | "unavailable"
  | "outcome_unknown"
  | "internal_error"

interface Refusal {
  readonly code: string
  readonly retryAfterMs: number | null
}

const isRefusal = (error: unknown): error is Refusal =>
  error instanceof Error && "code" in error && typeof error.code === "string" && "retryAfterMs" in error

const isKnown = (code: string, texts: Catalogue): code is KnownRefusal => Object.hasOwn(texts.refusals, code)

/** Why something was not done, for people. */
export const refusalText = (texts: Catalogue, error: unknown): string => {
  if (!isRefusal(error)) return texts.refusedOtherwise
  if (error.code === "rate_limited") {
    return texts.rateLimited(Math.max(1, Math.ceil((error.retryAfterMs ?? 60_000) / 60_000)))
  }
  return isKnown(error.code, texts) ? texts.refusals[error.code] : texts.refusedOtherwise
}
