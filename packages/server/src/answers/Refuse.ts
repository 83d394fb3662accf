import { Effect } from "effect"
import { RequestRecord } from "./RequestRecord.ts"

/** Fails with a problem that names this request. */
export const refuse = <Problem extends { readonly code: string }>(
  problem: (common: { readonly correlationId: string }) => Problem
): Effect.Effect<never, Problem> =>
  Effect.flatMap(RequestRecord, (record) => {
    const refusal = problem({ correlationId: record.correlationId })
    record.problem = refusal.code
    return Effect.fail(refusal)
  })
