import { Effect } from "effect"
import { Prompt, TerminalCapabilities } from "effect/cli"
import { JsonFlag } from "./Flags.ts"
import { NotConfirmed } from "./Unsuccessful.ts"

/**
 * Goes on only when `--yes` was given, or when somebody at the terminal says so. Where nobody can be asked, and for
 * programs, it refuses.
 *
 * @param what is going to happen, as a sentence without its end
 */
export const confirmed = Effect.fnUntraced(function* (what: string, yes: boolean) {
  if (yes) return
  const { canPrompt } = yield* TerminalCapabilities.TerminalCapabilities
  if (!canPrompt || (yield* JsonFlag)) {
    return yield* new NotConfirmed({
      message: `Not confirmed, so nothing was done. ${what}. Add --yes to have it done without being asked.`
    })
  }
  const agreed = yield* Prompt.run(Prompt.Confirm({ message: `${what}. Go on?` }))
  if (!agreed) return yield* new NotConfirmed({ message: "Nothing was done." })
})
