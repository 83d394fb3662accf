import { Effect } from "effect"
import { ask } from "../http/Ask.ts"

/** Ends when this is answered with 200. */
export const answering = (origin: string, path: string) =>
  Effect.tryPromise(() => ask(origin, "GET", path)).pipe(
    Effect.map(({ status }) => status === 200),
    Effect.orElseSucceed(() => false),
    Effect.delay("100 millis"),
    Effect.repeat({ until: (answers) => answers })
  )
