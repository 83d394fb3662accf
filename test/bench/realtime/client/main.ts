// First: it compiles schemas that are made after it.
import "effect/schema/SchemaJITCompiler/enable"

import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeWorkerRunner from "@effect/platform-node/NodeWorkerRunner"
import { Effect, Layer } from "effect"
import { RpcServer } from "effect/rpc"
import { sendBurst } from "./Burst.ts"
import { ClientCalls } from "./ClientCalls.ts"
import { comeBack } from "./ComingBack.ts"
import { Crowd } from "./Crowd.ts"
import { sendInTurn } from "./InTurn.ts"
import { sendSteadily } from "./Steadily.ts"

const crowd = new Crowd()

// What goes wrong here ends the bench: its figures would mean nothing.
const handlers = ClientCalls.toLayer({
  Connect: ({ tokens, url }) => Effect.orDie(crowd.connect(url, tokens)),
  Open: () => Effect.sync(() => crowd.open),
  Resume: () => Effect.orDie(crowd.resume),
  Leave: () => Effect.sync(() => crowd.leave()),
  SendSteadily: ({ conversations, steps }) => sendSteadily(crowd.talks(conversations), steps),
  SendInTurn: ({ conversations, seconds, senders }) =>
    Effect.orDie(sendInTurn(crowd.talks(conversations), senders, seconds)),
  SendBurst: ({ conversations, each, senders }) => sendBurst(crowd.talks(conversations), senders, each),
  Drop: () => Effect.sync(() => crowd.drop()),
  ComeBack: ({ heads, within }) => Effect.orDie(comeBack(crowd.devices, within, heads))
})

// Whoever started this is gone.
process.once("disconnect", () => process.exit())

NodeRuntime.runMain(
  Layer.launch(
    RpcServer.layer(ClientCalls).pipe(
      Layer.provide(handlers),
      Layer.provide(RpcServer.layerProtocolWorkerRunner),
      Layer.provide(NodeWorkerRunner.layer)
    )
  )
)
