import { Command } from "effect/cli"
import { JsonFlag } from "../Flags.ts"
import { cancelCommand, pauseCommand, resumeCommand, throttleCommand } from "./ChangeCommands.ts"
import { eventsCommand } from "./EventsCommand.ts"
import { listCommand } from "./ListCommand.ts"
import { parkedCommand, retryCommand } from "./ParkedCommands.ts"
import { rebuildCommand } from "./RebuildCommand.ts"
import { rollbackCommand } from "./RollbackCommand.ts"
import { statusCommand } from "./StatusCommand.ts"
import { verifyCommand } from "./VerifyCommand.ts"

const projectionsCommand = Command.make("projections").pipe(
  Command.withDescription("Read models: how they are doing, make them anew, compare, put back"),
  Command.withSubcommands([
    listCommand,
    statusCommand,
    rebuildCommand,
    verifyCommand,
    rollbackCommand,
    pauseCommand,
    resumeCommand,
    cancelCommand,
    throttleCommand,
    parkedCommand,
    retryCommand
  ])
)

/** Everything that the command line can do. */
export const indelibleCommand = Command.make("indelible").pipe(
  Command.withDescription(
    "Operate Indelible. Works on DATABASE_URL, or else on the database of the service that runs on DATA_DIR. Exit status: 0 fine, 1 tables differ or a build failed, 2 refused, 3 database not reached"
  ),
  Command.withSubcommands([projectionsCommand, eventsCommand]),
  Command.withGlobalFlags([JsonFlag]),
  Command.withExamples([
    { command: "indelible projections list", description: "How the read models are doing" },
    { command: "indelible projections verify inbox", description: "Are the tables what the events say?" },
    { command: "indelible projections rebuild --help", description: "Every command explains itself" }
  ])
)
