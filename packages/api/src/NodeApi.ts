import { HttpApi } from "effect/http-api"
import { HealthGroup } from "./health/HealthGroup.ts"

/** What every node answers, also one that people do not talk to. */
export class NodeApi extends HttpApi.make("node").add(HealthGroup) {}
