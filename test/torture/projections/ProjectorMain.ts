// A node that keeps read models and carries out builds, and nothing else: a process of its own that tests can kill and
// freeze. It says "ready" and then works until it is killed, or until whoever started it is gone.
// usage: DATABASE_URL=... NODE_NAME=... [FREEZE_IN=<conversation id>] node ProjectorMain.ts
import type { ConversationEvent } from "@indelible/domain/conversation/ConversationEvent"
import type { Projection } from "@indelible/projections/engine/Projection"
import { historyProjection } from "@indelible/projections/history/HistoryProjection"
import { projections } from "@indelible/projections/projections"
import { Config, Effect, Layer, Logger, Option } from "effect"
import * as ProjectorNode from "./ProjectorNode.ts"

/** Freezes the whole process, once, when rows of this conversation are written and not committed. */
const freezingIn = (
  projection: Projection<ConversationEvent>,
  conversation: string
): Projection<ConversationEvent> => {
  let frozen = false
  return {
    ...projection,
    fold: (events) => [
      ...projection.fold(events),
      {
        table: "message",
        keys: () => [],
        write: () =>
          Effect.sync(() => {
            if (frozen || !events.some(({ stored }) => stored.streamId === `conversation-${conversation}`))
              return
            frozen = true
            process.kill(process.pid, "SIGSTOP")
          })
      }
    ]
  }
}

const program = Effect.gen(function* () {
  const url = yield* Config.Redacted("DATABASE_URL")
  const node = yield* Config.String("NODE_NAME")
  const freezeIn = yield* Config.option(Config.String("FREEZE_IN"))
  const history = Option.match(freezeIn, {
    onNone: () => historyProjection,
    onSome: (conversation) => freezingIn(historyProjection, conversation)
  })
  const context = yield* Layer.build(ProjectorNode.layer(url, node))
  process.stdout.write("ready\n")
  return yield* ProjectorNode.keepAndBuild(
    url,
    node,
    projections.map((projection) => (projection.name === "history" ? history : projection))
  ).pipe(Effect.provideContext(context))
}).pipe(Effect.scoped, Effect.provide(Logger.layer([Logger.withConsoleError(Logger.formatLogFmt)])))

process.stdin.once("end", () => process.exit(0)).resume()
Effect.runPromise(program).catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
