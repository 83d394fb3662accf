import type { HealthGroup } from "@indelible/api/health/HealthGroup"
import { IndelibleApi } from "@indelible/api/IndelibleApi"
import { NodeApi } from "@indelible/api/NodeApi"
import { NotReadyProblem } from "@indelible/api/problem/ServiceProblems"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { refuse } from "../answers/Refuse.ts"
import { Readiness } from "../Readiness.ts"

const handled = Effect.fn(function* (handlers: HttpApiBuilder.Handlers.FromGroup<typeof HealthGroup>) {
  const { degraded, missing } = yield* Readiness
  return handlers.handleAll({
    live: () => Effect.succeed({ status: "live" as const }),
    ready: Effect.fnUntraced(function* () {
      const parts = yield* missing
      if (Object.keys(parts).length > 0) {
        return yield* refuse((common) => new NotReadyProblem({ ...common, parts }))
      }
      const lesser = yield* degraded
      return { status: "ready" as const, ...(Object.keys(lesser).length > 0 && { degraded: lesser }) }
    })
  })
})

export const layer = HttpApiBuilder.group(IndelibleApi, "health", handled)

/** The same on a node that answers nothing else. */
export const backstage = HttpApiBuilder.group(NodeApi, "health", handled)
