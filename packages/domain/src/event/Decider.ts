import type { Result } from "effect"
import type { Aggregate } from "./Aggregate.ts"
import type { DomainEvent, ReadEvent } from "./DomainEvent.ts"

/**
 * One kind of command on one kind of stream. Pure: time and ids arrive in the command, and the same state and command
 * always give the same answer.
 */
export interface Decider<State, Command, E extends DomainEvent, Refusal> {
  readonly aggregate: Aggregate<State, E>
  /** No events means *already so*: a success that changes nothing. */
  readonly decide: (state: State, command: Command) => Result.Result<ReadonlyArray<E>, Refusal>
  /**
   * Whether the stored events are what this command asked for: true makes a repeated command id the same answer, false
   * makes it a conflict. A body that is null (its key destroyed) counts as equal, since nothing is left to compare.
   */
  readonly repeats: (command: Command, stored: ReadonlyArray<ReadEvent<E>>) => boolean
}
