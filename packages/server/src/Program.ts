// First: schemas made after it are compiled, which every frame, request and event gains from.
import "effect/schema/SchemaJITCompiler/enable"

import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Cause, Effect, Exit, Layer, Logger, References } from "effect"
import { announce } from "./Announcement.ts"
import * as Service from "./Service.ts"
import { explain, refusedByItsSettings } from "./StartFailure.ts"
import { fromConfig } from "./settings/Settings.ts"

/** For people where one looks on, otherwise a line of JSON an entry. */
const logger = process.stdout.isTTY ? Logger.consolePretty() : Logger.consoleJson

const program = Effect.gen(function* () {
  const settings = yield* fromConfig
  const service = Layer.effectDiscard(announce(settings)).pipe(Layer.provide(Service.layer(settings)))
  yield* Layer.launch(service).pipe(Effect.provideService(References.MinimumLogLevel, settings.logLevel))
}).pipe(
  Effect.tapCause((cause) =>
    Effect.sync(() => {
      if (!Cause.hasInterruptsOnly(cause)) console.error(explain(cause))
    })
  ),
  Effect.provide(Logger.layer([logger]))
)

NodeRuntime.runMain(program, {
  disableErrorReporting: true,
  // Stopped by a signal is stopped as asked; the shell's 2 is for settings that have to be mended first.
  teardown: (exit, onExit) =>
    onExit(
      Exit.isSuccess(exit) || Cause.hasInterruptsOnly(exit.cause)
        ? 0
        : refusedByItsSettings(exit.cause)
          ? 2
          : 1
    )
})
