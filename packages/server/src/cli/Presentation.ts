import { Console, Effect } from "effect"
import { CliOutput } from "effect/cli"

/**
 * Help where it was asked for. Who mistyped gets the mistake and where to look, on standard error: a whole page of help
 * would push it out of sight, and into the pipe of a script.
 */
export const layer = CliOutput.layerPresenter({
  present: Effect.fnUntraced(function* (event) {
    if (event._tag !== "InvalidInvocation") return yield* CliOutput.defaultPresenter.present(event)
    const formatter = CliOutput.defaultFormatter({ colors: false })
    const mistakes = event.errors.map((error) => formatter.formatCliError(error))
    yield* Console.error(
      [...mistakes, "", `\`${event.commandPath.join(" ")} --help\` says what there is.`].join("\n")
    )
  })
})
