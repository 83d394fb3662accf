import type { Decider } from "@indelible/domain/event/Decider"
import type { DomainEvent, ReadEvent } from "@indelible/domain/event/DomainEvent"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Context, type Effect } from "effect"
import type { LogReading } from "./EventLog.ts"
import type { Busy, KeyReused, OutcomeUnknown, Overloaded, Unavailable } from "./EventStoreError.ts"
import type { PositionToken } from "./PositionToken.ts"
import type { StoredEvent } from "./StoredEvent.ts"
import type { StreamId } from "./StreamId.ts"

/** Who sends a command, and how it is named and traced. */
export interface CommandMeta {
  readonly actor: SubjectId | "system"
  /**
   * The client's own name for the command, a UUID. Same actor and id in the same stream: the same command, for ever. In
   * another stream it is another command.
   */
  readonly commandId: string
  /** A UUID, never a client's free text: it is stored in the clear and stays. */
  readonly correlationId: string
  readonly causationId: string | null
  readonly client: string
}

/** A stored event with its content, as far as its key still exists. */
export interface RecordedEvent<E extends DomainEvent> {
  readonly stored: StoredEvent
  readonly event: E | ReadEvent<E>
}

export interface Executed<E extends DomainEvent> {
  /** What the command wrote, in order; none when it was *already so*. */
  readonly events: ReadonlyArray<RecordedEvent<E>>
  /** True when these events were written by an earlier copy of this command. */
  readonly repeat: boolean
  /** Reaches the events, or the state that made the command *already so*. */
  readonly token: PositionToken
}

export type ExecuteError = KeyReused | Busy | Overloaded | OutcomeUnknown | Unavailable

/**
 * The append-only log. Nothing but `execute` appends, and nothing changes or removes what it appended.
 *
 * - **Atomic, durable**: all events of a command are stored, or none; a success was committed to disk before it was
 *   answered.
 * - **Dense**: positions are 1..n in a stream and 1..n in a slice, and become visible in that order: a reader that has
 *   seen position p of a slice has seen everything below it, without waiting for anyone.
 * - **Decided on the truth**: commands of one stream are decided one after the other on the state they really append
 *   to, however many nodes there are. Refusals and *already so* are checked against the log before they are answered.
 * - **Idempotent for ever**: a second command with the same actor and id writes nothing. If it asks for the same, it
 *   gets the first answer (`repeat: true`); if not, `KeyReused`.
 * - **Honest**: a refusal, `KeyReused`, `Busy`, `Overloaded` and `Unavailable` mean that nothing was and nothing will be
 *   saved. `OutcomeUnknown` means just that; the same command again settles it.
 * - **Bounded**: waiting for a stream ends with `Busy` 2 to 2.5 s after acceptance; past 2,000 waiting commands the
 *   answer is `Overloaded`. An answer counts as lost at once when its connection breaks, and otherwise after 6 s;
 *   settling it ends with `OutcomeUnknown` 2 s later.
 */
export class EventStore extends Context.Service<
  EventStore,
  LogReading & {
    readonly execute: <State, Command, E extends DomainEvent, Refusal>(
      decider: Decider<State, Command, E, Refusal>,
      stream: StreamId,
      command: Command,
      meta: CommandMeta
    ) => Effect.Effect<Executed<E>, Refusal | ExecuteError>
  }
>()("@indelible/application/store/EventStore") {}
