import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Exit, Layer } from "effect"
import { TerminalCapabilities } from "effect/cli"
import { indelible } from "./Cli.ts"
import * as Failure from "./Failure.ts"

// A reader that goes away, such as `head`, is no defect: whoever writes next learns it and stops.
process.stdout.on("error", () => {})
process.stderr.on("error", () => {})

const program = indelible(process.argv.slice(2)).pipe(
  Effect.tapCause((cause) =>
    Effect.sync(() => {
      const told = Failure.tell(cause)
      if (told !== null) console.error(told)
    })
  ),
  Effect.provide(Layer.provideMerge(TerminalCapabilities.layer, NodeServices.layer))
)

NodeRuntime.runMain(program, {
  disableErrorReporting: true,
  teardown: (exit, onExit) => onExit(Exit.isSuccess(exit) ? 0 : Failure.statusOf(exit.cause))
})
