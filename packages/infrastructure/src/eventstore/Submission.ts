import type { ContentKey, KeyVaultUnavailable } from "@indelible/application/keys/KeyVault"
import type { EventOpener } from "@indelible/application/store/EventOpener"
import type { CommandMeta, Executed, ExecuteError } from "@indelible/application/store/EventStore"
import { KeyReused, OutcomeUnknown, Unavailable } from "@indelible/application/store/EventStoreError"
import type { PositionToken } from "@indelible/application/store/PositionToken"
import type { StoredEvent } from "@indelible/application/store/StoredEvent"
import type { StreamId } from "@indelible/application/store/StreamId"
import type { Decider } from "@indelible/domain/event/Decider"
import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import type { UnreadableEvent } from "@indelible/domain/event/EventDefinition"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect, Result, Schema } from "effect"
import { type SealedEvent, sealEvent } from "../envelope/SealEvent.ts"
import { sliceOf } from "../envelope/SliceOf.ts"
import { commandKeyOf } from "./CommandKey.ts"
import { type StreamPosition, stateAt } from "./StreamPosition.ts"

/** What a command comes to on one state. Nothing of it is answered before the log has confirmed the state. */
export type Decided =
  | {
      readonly _tag: "Events"
      readonly sealed: ReadonlyArray<SealedEvent>
      readonly next: StreamPosition
      /** People who were not participants of the stream before. */
      readonly joining: ReadonlyArray<SubjectId>
      readonly confirm: (stored: ReadonlyArray<StoredEvent>, token: PositionToken) => void
    }
  | { readonly _tag: "Nothing"; readonly confirm: (token: PositionToken) => void }
  | { readonly _tag: "Refused"; readonly confirm: () => void }

/** A command on its way, with its types closed over: lanes handle commands of every kind alike. */
export interface Submission {
  readonly stream: StreamId
  readonly slice: number
  readonly commandKey: string
  /** Decides on a state. Throws on a decider's mistake: then nothing of the command is stored. */
  readonly decideOn: (at: StreamPosition, now: number, freshNonce: () => Uint8Array) => Decided
  /**
   * Answers a command whose key is in the log already: the first answer, or `KeyReused`. While what it saved does not
   * open, `OutcomeUnknown`: every other error would say that nothing was saved.
   */
  readonly answerFromLog: (stored: ReadonlyArray<StoredEvent>, token: PositionToken) => Effect.Effect<void>
  readonly fail: (error: ExecuteError) => void
  readonly die: (defect: unknown) => void
}

export interface Surroundings {
  readonly node: string
  readonly opener: EventOpener["Service"]
}

/** More is a decider's mistake: one command is one thing that happened. */
export const mostEventsOfACommand = 8

export const tokenAt = (slice: number, slicePos: number): PositionToken => ({ [String(slice)]: slicePos })

export const submit = <State, Command, E extends DomainEvent, Refusal>(
  decider: Decider<State, Command, E, Refusal>,
  stream: StreamId,
  command: Command,
  meta: CommandMeta,
  contentKey: ContentKey | null,
  { node, opener }: Surroundings,
  answer: (outcome: Effect.Effect<Executed<E>, Refusal | ExecuteError>) => void
): Submission => {
  const { aggregate } = decider
  const commandKey = commandKeyOf(meta.actor, meta.commandId)

  const decideOn: Submission["decideOn"] = (at, now, freshNonce) => {
    const unavailable = (reason: Unavailable["reason"], cause: unknown): Decided => ({
      _tag: "Refused",
      confirm: () => answer(Effect.fail(new Unavailable({ reason, cause })))
    })
    const known = stateAt(aggregate, at)
    if (Result.isFailure(known)) return unavailable("newer-program-wrote", known.failure)
    const state = known.success
    const decision = decider.decide(state, command)
    if (Result.isFailure(decision)) {
      return { _tag: "Refused", confirm: () => answer(Effect.fail(decision.failure)) }
    }
    const events = decision.success
    if (events.length === 0) {
      return {
        _tag: "Nothing",
        confirm: (token) => answer(Effect.succeed({ events: [], repeat: false, token }))
      }
    }
    if (events.length > mostEventsOfACommand) throw new Error(`a command made ${events.length} events`)
    if (contentKey === null && events.some(({ body }) => body !== null)) {
      return unavailable("keys", new Error("this person's content key was destroyed"))
    }
    const recordedAt = laterOf(new Date(now).toISOString(), at.recordedAt)
    const next = events.reduce(
      (folded, event, i) => aggregate.evolve(folded, { ...event, pos: at.pos + i + 1, recordedAt }),
      state
    )
    const before = aggregate.participants(state)
    const participants = aggregate.participants(next)
    const sealed = events.map((event, ordinal) => {
      const type: E["type"] = event.type
      const definition = aggregate.events[type]
      const written = Result.getOrThrow(definition.write(event.facts, event.body))
      return sealEvent(
        {
          streamId: stream,
          streamPos: at.pos + ordinal + 1,
          type,
          schemaVersion: definition.schemaVersion,
          recordedAt,
          actor: meta.actor,
          participants,
          correlationId: meta.correlationId,
          causationId: meta.causationId,
          node,
          client: meta.client,
          commandKey,
          ordinal,
          ...written
        },
        contentKey,
        freshNonce()
      )
    })
    return {
      _tag: "Events",
      sealed,
      joining: participants.filter((subject) => !before.includes(subject)),
      next: {
        pos: at.pos + events.length,
        recordedAt,
        state: Schema.encodeSync(aggregate.stored.codec)(next),
        stateVersion: aggregate.stored.version
      },
      confirm: (stored, token) =>
        answer(
          Effect.succeed({
            events: stored.flatMap((each, i) => {
              const event = events[i]
              return event === undefined ? [] : [{ stored: each, event }]
            }),
            repeat: false,
            token
          })
        )
    }
  }

  const firstAnswer = Effect.fnUntraced(function* (stored: ReadonlyArray<StoredEvent>, token: PositionToken) {
    const opened = yield* opener.open(aggregate.events, stored)
    const events = yield* Effect.fromResult(Result.all(opened))
    if (!decider.repeats(command, events)) return yield* new KeyReused({ commandKey })
    const recorded = stored.flatMap((each, i) => {
      const event = events[i]
      return event === undefined ? [] : [{ stored: each, event }]
    })
    return { events: recorded, repeat: true, token }
  })

  return {
    stream,
    slice: sliceOf(stream),
    commandKey,
    decideOn,
    answerFromLog: (stored, token) =>
      firstAnswer(stored, token).pipe(
        // The command is saved; what cannot be told is whether this copy asks for the same.
        Effect.tapError(tellUnread(stored)),
        Effect.catchTag(["KeyVaultUnavailable", "UnreadableEvent"], () => new OutcomeUnknown({ commandKey })),
        Effect.exit,
        Effect.map((exit) => answer(exit))
      ),
    fail: (error) => answer(Effect.fail(error)),
    die: (defect) => answer(Effect.die(defect))
  }
}

/** Only the log hears why a stored command could not be compared: an outage passes, damage waits for a person. */
const tellUnread =
  (stored: ReadonlyArray<StoredEvent>) =>
  (error: KeyReused | KeyVaultUnavailable | UnreadableEvent): Effect.Effect<void> => {
    const place = `${stored[0]?.header.streamId} ${stored[0]?.header.streamPos}`
    switch (error._tag) {
      case "KeyReused":
        return Effect.void
      case "KeyVaultUnavailable":
        return Effect.logWarning(
          `the saved command at ${place} could not be opened to answer its repeat`,
          error
        )
      case "UnreadableEvent":
        return Effect.logError(`the saved command at ${place} does not open: ${error.message}`)
    }
  }

const laterOf = (a: string, b: string): string => (a > b ? a : b)
