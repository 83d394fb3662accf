import type { Aggregate } from "@indelible/domain/event/Aggregate"
import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import { Result, Schema } from "effect"

/** Where a stream stands: a node's guess when it decides, the truth when the log answers. */
export interface StreamPosition {
  /** Position of the newest event; 0 for a stream without any. */
  readonly pos: number
  /** When the newest event was recorded; empty for a stream without any. */
  readonly recordedAt: string
  /** The aggregate's stored state as JSON. */
  readonly state: unknown
  readonly stateVersion: number
}

export const beforeTheFirst: StreamPosition = { pos: 0, recordedAt: "", state: null, stateVersion: 0 }

/** The state was stored by a newer program: this one must not decide on it, nor overwrite it. */
export class NewerState extends Schema.TaggedError<NewerState>()("NewerState", {
  stored: Schema.Int,
  known: Schema.Int
}) {}

/** The aggregate's state at a position. Throws on a state that does not decode: that is damage. */
export const stateAt = <State, E extends DomainEvent>(
  aggregate: Aggregate<State, E>,
  { pos, state, stateVersion }: StreamPosition
): Result.Result<State, NewerState> => {
  if (pos === 0) return Result.succeed(aggregate.initial)
  const { codec, upcast, version } = aggregate.stored
  if (stateVersion > version) return Result.fail(new NewerState({ stored: stateVersion, known: version }))
  return Result.succeed(
    Schema.decodeUnknownSync(codec)(stateVersion === version ? state : upcast(stateVersion, state))
  )
}
