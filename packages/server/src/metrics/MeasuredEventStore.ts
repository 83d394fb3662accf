import { EventStore, type Executed } from "@indelible/application/store/EventStore"
import {
  Busy,
  KeyReused,
  OutcomeUnknown,
  Overloaded,
  Unavailable
} from "@indelible/application/store/EventStoreError"
import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import { Cause, Effect, Exit, Layer, Option } from "effect"
import { latencies } from "./Latencies.ts"
import { timed } from "./Timed.ts"

const outcomes = [
  "appended",
  /** It was *already so*. */
  "unchanged",
  "repeat",
  "refused",
  "key_reused",
  "busy",
  "overloaded",
  "unknown",
  "unavailable",
  /** A bug: the log tells which. */
  "defect"
] as const
export type AppendOutcome = (typeof outcomes)[number]

const named = [
  [KeyReused, "key_reused"],
  [Busy, "busy"],
  [Overloaded, "overloaded"],
  [OutcomeUnknown, "unknown"],
  [Unavailable, "unavailable"]
] as const

/** How a command ended, for a label. What the store does not say itself was said by the decider. */
export const outcomeOf = <E extends DomainEvent, Failure>(
  exit: Exit.Exit<Executed<E>, Failure>
): AppendOutcome => {
  if (Exit.isSuccess(exit)) {
    const { events, repeat } = exit.value
    return repeat ? "repeat" : events.length === 0 ? "unchanged" : "appended"
  }
  return Option.match(Cause.findErrorOption(exit.cause), {
    onNone: () => "defect",
    onSome: (error) => named.find(([Failed]) => error instanceof Failed)?.[1] ?? "refused"
  })
}

/** The event store below it, with the time that its callers wait for `execute`. */
export const layer = Layer.effect(
  EventStore,
  Effect.gen(function* () {
    const store = yield* EventStore
    const time = yield* timed
    const observe = yield* latencies(
      "indelible_append_seconds",
      "Time until a command was answered by the event store, by what became of it",
      "outcome",
      outcomes
    )
    return EventStore.of({
      ...store,
      execute: (decider, stream, command, meta) =>
        time(store.execute(decider, stream, command, meta), (exit, seconds) =>
          observe(outcomeOf(exit), seconds)
        )
    })
  })
)
