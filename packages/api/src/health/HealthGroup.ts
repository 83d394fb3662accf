import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { NotReadyProblem } from "../problem/ServiceProblems.ts"

const live = HttpApiEndpoint.get("live", "/live", {
  success: Schema.Struct({ status: Schema.Literal("live") })
}).annotateMerge(OpenApi.annotations({ summary: "The process runs" }))

const ready = HttpApiEndpoint.get("ready", "/ready", {
  success: Schema.Struct({
    status: Schema.Literal("ready"),
    degraded: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)).annotateKey({
      description: "What works less well than it should, by part; absent when nothing does"
    })
  }),
  error: NotReadyProblem
}).annotateMerge(OpenApi.annotations({ summary: "This node takes requests" }))

export const HealthGroup = HttpApiGroup.make("health")
  .add(live, ready)
  .prefix("/health")
  .annotateMerge(OpenApi.annotations({ title: "Health", description: "No sign-in." }))
