import { Effect, Layer, References } from "effect"
import { CliConfig, Command, GlobalFlag } from "effect/cli"
import { indelibleCommand } from "./commands/IndelibleCommand.ts"
import * as Presentation from "./Presentation.ts"

const version = "0.1.0"

const surroundings = Layer.merge(
  Presentation.layer,
  CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] })
)

/** Does what the arguments say, on the terminal that it is given. Fails with what `Failure` tells to the shell. */
export const indelible = (args: ReadonlyArray<string>) =>
  Command.runWith(indelibleCommand, { version })(args).pipe(
    Effect.provide(surroundings),
    // What is done is told by the commands themselves.
    Effect.provideService(References.MinimumLogLevel, "None")
  )
