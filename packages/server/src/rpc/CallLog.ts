import { problemCatalogue } from "@indelible/api/problem/ProblemCatalogue"
import { Effect } from "effect"
import { RequestRecord } from "../answers/RequestRecord.ts"
import { worthTelling } from "../answers/WorthTelling.ts"
import { callMeasures } from "../metrics/CallMeasures.ts"

const statuses: ReadonlyMap<string, number> = new Map(
  problemCatalogue.map(({ ast, identifier }) => [identifier, Number(ast.annotations?.httpApiStatus)])
)

/** Counts a call that is over and, where its refusal shows intent or a fault of ours, logs who asked for what. */
export const callLog = Effect.map(callMeasures, (measure) =>
  Effect.fnUntraced(function* (method: string, cancelled: boolean, seconds: number | undefined) {
    const record = yield* RequestRecord
    const { problem, who } = record
    measure(method, problem ?? (cancelled ? "cancelled" : "ok"), seconds)
    const told = problem !== null && worthTelling(statuses.get(problem) ?? 500, record)
    yield* Effect.annotateLogs(told ? Effect.logInfo("called") : Effect.logDebug("called"), {
      ...(problem !== null && { problem }),
      ...(who !== null && { who })
    })
  })
)
