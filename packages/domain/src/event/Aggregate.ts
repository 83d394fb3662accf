import type { Schema } from "effect"
import type { SubjectId } from "../subject/SubjectId.ts"
import type { DomainEvent, OccurrenceOf } from "./DomainEvent.ts"
import type { EventCatalogue } from "./EventCatalogue.ts"

/** A kind of stream: what can happen in it and the small state that deciding needs. */
export interface Aggregate<State, E extends DomainEvent> {
  /** Stream ids begin with it: `<category>-<uuid>`. */
  readonly category: string
  readonly events: EventCatalogue<E>
  /** The state of a stream without events. */
  readonly initial: State
  /** Pure and total. Constant size in, constant size out: the result is stored beside the stream with every append. */
  readonly evolve: (state: State, occurrence: OccurrenceOf<E>) => State
  /** The people whose stream it is, in a fixed order; empty where there are none. They may read it. */
  readonly participants: (state: State) => ReadonlyArray<SubjectId>
  /** How the state lies in the store, and the version of that shape. A store that holds a newer one answers 503. */
  readonly stored: StoredState<State>
}

export interface StoredState<State> {
  readonly version: number
  readonly codec: Schema.Codec<State, unknown>
  /** Carries a state of an older version forward. Total: whatever it returns is read by `codec`, and nothing folds anew. */
  readonly upcast: (version: number, state: unknown) => unknown
}
