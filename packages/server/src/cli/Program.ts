import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Exit, Layer, References } from "effect"
import { CliConfig, Command, GlobalFlag, TerminalCapabilities } from "effect/cli"
import { indelibleCommand } from "./commands/IndelibleCommand.ts"
import * as Failure from "./Failure.ts"
import * as Presentation from "./Presentation.ts"

// A reader that goes away, such as `head`, is no defect: whoever writes next learns it and stops.
process.stdout.on("error", () => {})
process.stderr.on("error", () => {})

const version = "0.1.0"

const surroundings = Layer.mergeAll(
  Presentation.layer,
  TerminalCapabilities.layer,
  CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] })
).pipe(Layer.provideMerge(NodeServices.layer))

const program = Command.run(indelibleCommand, { version }).pipe(
  Effect.tapCause((cause) =>
    Effect.sync(() => {
      const told = Failure.tell(cause)
      if (told !== null) console.error(told)
    })
  ),
  Effect.provide(surroundings),
  // What is done is told by the commands themselves.
  Effect.provideService(References.MinimumLogLevel, "None")
)

NodeRuntime.runMain(program, {
  disableErrorReporting: true,
  teardown: (exit, onExit) => onExit(Exit.isSuccess(exit) ? 0 : Failure.statusOf(exit.cause))
})
