import { IndelibleApi } from "@indelible/api/IndelibleApi"
import { NodeApi } from "@indelible/api/NodeApi"
import { Layer } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import * as RpcHttp from "../rpc/RpcHttp.ts"
import * as ConversationsHttp from "./ConversationsHttp.ts"
import * as DevelopmentHttp from "./DevelopmentHttp.ts"
import * as DirectoryHttp from "./DirectoryHttp.ts"
import * as Authorizing from "./edge/Authorizing.ts"
import * as Bodies from "./edge/Bodies.ts"
import * as Edge from "./edge/Edge.ts"
import * as Requests from "./edge/Requests.ts"
import * as HealthHttp from "./HealthHttp.ts"
import * as MessagesHttp from "./MessagesHttp.ts"
import * as MetricsHttp from "./MetricsHttp.ts"
import * as OperationsHttp from "./OperationsHttp.ts"
import * as PeopleHttp from "./PeopleHttp.ts"
import * as AsyncApiDocument from "./pages/AsyncApiDocument.ts"
import * as Docs from "./pages/Docs.ts"
import * as ProblemPages from "./pages/ProblemPages.ts"
import * as SearchHttp from "./SearchHttp.ts"

const rest = HttpApiBuilder.layer(IndelibleApi, { openapiPath: "/openapi.json" }).pipe(
  Layer.provide([
    ConversationsHttp.layer,
    MessagesHttp.layer,
    SearchHttp.layer,
    PeopleHttp.layer,
    DirectoryHttp.layer,
    OperationsHttp.layer,
    HealthHttp.layer
  ])
)

/** On every node, whoever talks to it. */
const always = (options: Edge.EdgeOptions) =>
  Layer.merge(Edge.layer(options), options.metrics ? MetricsHttp.layer : Layer.empty)

/** Every route that is answered over HTTP, behind the edge. */
export const layer = (options: Edge.EdgeOptions) =>
  Layer.mergeAll(
    rest,
    RpcHttp.layer,
    DevelopmentHttp.layer,
    AsyncApiDocument.layer,
    Docs.layer,
    ProblemPages.layer
  ).pipe(Layer.provide([Authorizing.layer, Requests.layer, Bodies.layer]), Layer.merge(always(options)))

/** What a node answers that people do not talk to. */
export const backstage = (options: Edge.EdgeOptions) =>
  HttpApiBuilder.layer(NodeApi).pipe(
    Layer.provide(HealthHttp.backstage),
    Layer.provide([Requests.layer, Bodies.layer]),
    Layer.merge(always(options))
  )
