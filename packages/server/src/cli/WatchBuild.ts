import type { Build } from "@indelible/projections/engine/build/Build"
import type { ReadModelUnavailable } from "@indelible/projections/engine/ReadModelUnavailable"
import { BuildWatch } from "@indelible/projections/operations/BuildWatch"
import { Clock, Effect, Schedule } from "effect"
import { buildView } from "../operations/OperationViews.ts"
import type { Output } from "./Output.ts"
import { ending, hasEnded, isGood } from "./text/BuildText.ts"
import { harmless } from "./text/Style.ts"
import { Unsuccessful } from "./Unsuccessful.ts"
import { lineOf, textOf } from "./Waiting.ts"

const pollMillis = 250
/** In a pipe, at most one line in this time. */
const lineMillis = 1_000
/** Nodes report twice a second; a build that stands still for longer than this may have nobody who works on it. */
const patienceMillis = 3_000
/** How often it is asked again when the database does not answer, a second apart: the build goes on without us. */
const retries = 30

/** One look at the database, which may be away for a moment. */
const enduring = <A, R>(look: Effect.Effect<A, ReadModelUnavailable, R>) => {
  let told = false
  return look.pipe(
    Effect.tapError(() =>
      Effect.sync(() => {
        if (!told) console.error("\nthe database does not answer; trying again for a while")
        told = true
      })
    ),
    Effect.retry({ times: retries, schedule: Schedule.spaced("1 second") })
  )
}

interface Seen {
  readonly build: Build
  /** Who would carry it out, where somebody has looked; undefined otherwise. */
  readonly builder: string | null | undefined
}

type Tell = (seen: Seen, now: number) => ReturnType<Output["lines"]>

const nothing = Effect.void

/** Redraws one line. */
const telling = (out: Output): Tell =>
  out.canAnimate
    ? ({ build, builder }) =>
        Effect.flatMap(out.width, (width) => out.redraw(harmless(lineOf(build, builder, width - 1))))
    : out.json
      ? tellChanges(out)
      : tellLines(out)

/** A document for each change of state, stage or trouble. How it ends is told by whoever watches. */
const tellChanges = (out: Output): Tell => {
  let told = ""
  return ({ build }) => {
    const change = JSON.stringify([build.state, build.stage, build.message])
    if (change === told || hasEnded(build)) return nothing
    told = change
    return out.document(buildView(build))
  }
}

const tellLines = (out: Output): Tell => {
  let told = { text: "", at: Number.NEGATIVE_INFINITY }
  return ({ build, builder }, now) => {
    const text = harmless(textOf(build, builder))
    if (text === told.text || now - told.at < lineMillis || hasEnded(build)) return nothing
    told = { text, at: now }
    return out.lines([text])
  }
}

/**
 * Tells how a build goes until it has ended, and then how it has ended. Fails with `Unsuccessful` when that is not what
 * one hopes for. Only looks: whoever is interrupted while watching leaves the build alone.
 */
export const watch = Effect.fn("WatchBuild.watch")(function* (first: Build, out: Output) {
  const { build: look, builder: lookForBuilder } = yield* BuildWatch
  const tell = telling(out)
  let seen: Seen = { build: first, builder: undefined }
  let changed = { build: JSON.stringify(first), at: yield* Clock.currentTimeMillis }
  while (!hasEnded(seen.build)) {
    const now = yield* Clock.currentTimeMillis
    yield* tell(seen, now)
    yield* Effect.sleep(pollMillis)
    const build = yield* enduring(look(first.id))
    const text = JSON.stringify(build)
    if (text !== changed.build) changed = { build: text, at: now }
    const stands = now - changed.at >= patienceMillis && !hasEnded(build)
    seen = { build, builder: stands ? yield* enduring(lookForBuilder(build.projection)) : undefined }
  }
  yield* out.json ? out.document(buildView(seen.build)) : out.lines(ending(seen.build, out.style))
  if (!isGood(seen.build)) return yield* new Unsuccessful()
})
