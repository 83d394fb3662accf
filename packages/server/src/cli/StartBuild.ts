import type { Build } from "@indelible/projections/engine/build/Build"
import { BuildWatch } from "@indelible/projections/operations/BuildWatch"
import { ProjectionOperations, type StartBuild } from "@indelible/projections/operations/ProjectionOperations"
import { Effect } from "effect"
import { buildView } from "../operations/OperationViews.ts"
import type { Output } from "./Output.ts"
import { hasEnded, nameOf } from "./text/BuildText.ts"
import { watch } from "./WatchBuild.ts"

const started = (build: Build) => [
  `${nameOf(build)} was asked for. \`indelible projections status ${build.projection} --watch\` follows it.`
]

const paused = (build: Build) => [
  `${nameOf(build)} is paused; the live tables are as they were, and what it has made is kept.`,
  `  go on    indelible projections resume ${build.projection}`,
  `  give up  indelible projections cancel ${build.projection}`
]

/** Whoever interrupts the watch of what they started wants it to stop, but hardly to be lost. */
const pause = Effect.fnUntraced(
  function* (build: Build, by: string, out: Output) {
    const operations = yield* ProjectionOperations
    const watched = yield* (yield* BuildWatch).build(build.id)
    // It ended in the last moment, and another one may have begun, which is not ours.
    if (hasEnded(watched)) return yield* out.lines([`${nameOf(watched)} is ${watched.state}.`])
    const now = yield* operations.change(build.projection, "pause", by)
    yield* out.json ? out.document(buildView(now)) : out.lines(paused(now))
  },
  Effect.catch((error) =>
    Effect.sync(() => console.error(`\nit was not paused and goes on by itself: ${error.message}`))
  )
)

/**
 * Starts a build and watches it until it ends, unless it is to be left alone. Interrupted while watching, it pauses the
 * build and says how to go on.
 */
export const startAndWatch = Effect.fn("StartBuild.startAndWatch")(function* (
  request: StartBuild,
  detach: boolean,
  out: Output
) {
  const operations = yield* ProjectionOperations
  // Not interrupted between the two: a build would go on of which nobody was told.
  yield* Effect.uninterruptibleMask((interruptible) =>
    Effect.flatMap(operations.start(request), (build) =>
      detach
        ? out.json
          ? out.document(buildView(build))
          : out.lines(started(build))
        : Effect.onInterrupt(interruptible(watch(build, out)), () => pause(build, request.by, out))
    )
  )
})
