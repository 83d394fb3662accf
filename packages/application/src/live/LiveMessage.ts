import type { StoredEvent } from "../store/StoredEvent.ts"

/** Events of one slice as they lie in the log, ascending: content stays under its key. */
export interface EventsAppended {
  readonly _tag: "EventsAppended"
  readonly events: ReadonlyArray<StoredEvent>
}

/**
 * What nodes tell each other. Nodes of different versions share one bus: what a kind means is never changed, and a kind
 * that a node does not know is not handed to it.
 */
export type LiveMessage = EventsAppended
