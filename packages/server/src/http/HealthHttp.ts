import { IndelibleApi } from "@indelible/api/IndelibleApi"
import { NotReadyProblem } from "@indelible/api/problem/ServiceProblems"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Readiness } from "../Readiness.ts"
import { refuse } from "./edge/Refuse.ts"

export const layer = HttpApiBuilder.group(
  IndelibleApi,
  "health",
  Effect.fn(function* (handlers) {
    const { missing } = yield* Readiness
    return handlers.handleAll({
      live: () => Effect.succeed({ status: "live" as const }),
      ready: Effect.fnUntraced(function* () {
        const parts = yield* missing
        if (Object.keys(parts).length === 0) return { status: "ready" as const }
        return yield* refuse((common) => new NotReadyProblem({ ...common, parts }))
      })
    })
  })
)
