import { IndelibleApi } from "@indelible/api/IndelibleApi"
import { Layer } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import * as ConversationsHttp from "./ConversationsHttp.ts"
import * as DevelopmentHttp from "./DevelopmentHttp.ts"
import * as DirectoryHttp from "./DirectoryHttp.ts"
import * as Authorizing from "./edge/Authorizing.ts"
import * as Bodies from "./edge/Bodies.ts"
import * as Edge from "./edge/Edge.ts"
import * as Requests from "./edge/Requests.ts"
import * as HealthHttp from "./HealthHttp.ts"
import * as MessagesHttp from "./MessagesHttp.ts"
import * as OperationsHttp from "./OperationsHttp.ts"
import * as Docs from "./pages/Docs.ts"
import * as ProblemPages from "./pages/ProblemPages.ts"

const rest = HttpApiBuilder.layer(IndelibleApi, { openapiPath: "/openapi.json" }).pipe(
  Layer.provide([
    ConversationsHttp.layer,
    MessagesHttp.layer,
    DirectoryHttp.layer,
    OperationsHttp.layer,
    HealthHttp.layer
  ])
)

/** Every route that is answered over HTTP, behind the edge. */
export const layer = (options: Edge.EdgeOptions) =>
  Layer.mergeAll(rest, DevelopmentHttp.layer, Docs.layer, ProblemPages.layer).pipe(
    Layer.provide([Authorizing.layer, Requests.layer, Bodies.layer]),
    Layer.merge(Edge.layer(options))
  )
