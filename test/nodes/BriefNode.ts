import "effect/schema/SchemaJITCompiler/enable"

import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { PresenceSettings } from "@indelible/infrastructure/presence/PresenceSettings"
import * as Service from "@indelible/server/Service"
import { fromConfig } from "@indelible/server/settings/Settings"
import { Effect, Layer } from "effect"

/** A node that is missed after 1.5 s instead of 30, so that a test which kills it need not wait for that. */
const briefly = Effect.map(PresenceSettings, (usual) => ({
  ...usual,
  grace: 300,
  beatEvery: 250,
  aliveFor: 1_500
}))

NodeRuntime.runMain(
  Effect.gen(function* () {
    const settings = yield* fromConfig
    yield* Layer.launch(Service.layer(settings)).pipe(Effect.provideService(PresenceSettings, yield* briefly))
  })
)
