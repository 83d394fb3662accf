import type { PgClient } from "@effect/sql-pg"
import { KeyVault } from "@indelible/application/keys/KeyVault"
import { EventOpener } from "@indelible/application/store/EventOpener"
import {
  type CommandMeta,
  EventStore,
  type Executed,
  type ExecuteError
} from "@indelible/application/store/EventStore"
import { Overloaded } from "@indelible/application/store/EventStoreError"
import type { StreamId } from "@indelible/application/store/StreamId"
import type { Decider } from "@indelible/domain/event/Decider"
import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import { Clock, Deferred, Effect, Layer, type Redacted, Schedule } from "effect"
import { SecureRandom } from "effect/crypto/SecureRandom"
import { sealingKey } from "../../eventstore/SealingKey.ts"
import { submit } from "../../eventstore/Submission.ts"
import * as Intake from "./Intake.ts"
import * as Lane from "./Lane.ts"
import * as LogConnection from "./LogConnection.ts"
import * as LogNotifier from "./LogNotifier.ts"
import * as LogReader from "./LogReader.ts"
import * as PatientLine from "./PatientLine.ts"
import * as StateCache from "./StateCache.ts"
import type { Settlement } from "./Ticket.ts"
import { monotonic } from "./Waiting.ts"

export interface PgEventStoreOptions {
  readonly url: Redacted.Redacted
  /** Name of this node, for the record and for `pg_stat_activity`. */
  readonly node: string
  /** Calls in flight at once; each takes a connection. */
  readonly lanes?: number
  /** Commands on their way at most. */
  readonly capacity?: number
}

const make = Effect.fnUntraced(function* ({
  capacity = 2_000,
  lanes: laneCount = 2,
  node,
  url
}: PgEventStoreOptions) {
  const vault = yield* KeyVault
  const opener = yield* EventOpener
  const random = yield* SecureRandom
  const clock = yield* Clock.Clock
  const reader = yield* LogReader.make
  const appended = yield* LogNotifier.make
  const context = yield* Effect.context()
  const fork = Effect.runForkWith(context)
  const now = () => Number(clock.monotonicTimeNanosUnsafe() / 1_000_000n)

  const lanes: Array<Lane.Lane> = []
  const laneOf = (slice: number) => lanes[slice % lanes.length]
  const intake = Intake.make({
    capacity,
    appended,
    fork,
    enqueue: (ticket) => laneOf(ticket.submission.slice)?.push(ticket)
  })
  const settlement: Settlement = intake.settlement
  const surroundings = { cache: StateCache.make(10_000), settlement, random }
  const patient = yield* PatientLine.make(surroundings, (tickets) =>
    laneOf(tickets[0]?.submission.slice ?? 0)?.unshift(tickets)
  )

  for (let i = 0; i < laneCount; i++) {
    const lane = Lane.make(yield* LogConnection.make(url, `${node} lane ${i}`), patient, surroundings)
    lanes.push(lane)
    yield* Effect.forkScoped(lane.run)
  }
  for (let i = 0; i < 2; i++) {
    yield* Effect.forkScoped(patient.run(yield* LogConnection.make(url, `${node} patient ${i}`)))
  }
  const expire = Effect.map(monotonic, (at) => {
    for (const lane of lanes) lane.expire(at)
    patient.expire(at)
  })
  yield* Effect.forkScoped(Effect.repeat(expire, Schedule.spaced("100 millis")))

  const execute = Effect.fnUntraced(function* <State, Command, E extends DomainEvent, Refusal>(
    decider: Decider<State, Command, E, Refusal>,
    stream: StreamId,
    command: Command,
    meta: CommandMeta
  ) {
    const answered = Deferred.makeUnsafe<Executed<E>, Refusal | ExecuteError>()
    // Not at once: an answer runs its caller on the spot, and one who asks again would change the very lines that are
    // being gone through. Such a command was lost.
    const answer = (outcome: Effect.Effect<Executed<E>, Refusal | ExecuteError>) =>
      queueMicrotask(() => Deferred.doneUnsafe(answered, outcome))
    let accepted = false
    const enter = Effect.suspend(() => (intake.enter() ? Effect.void : Effect.fail(new Overloaded())))
    yield* Effect.acquireUseRelease(
      // Before the key is asked for: however long the vault takes, no more than so many wait.
      enter,
      // Before deciding: the lanes never wait for a key.
      () =>
        Effect.map(sealingKey(vault, meta.actor, clock.currentTimeMillisUnsafe()), (contentKey) => {
          accepted = true
          const submission = submit(decider, stream, command, meta, contentKey, { node, opener }, answer)
          intake.accept(submission, now())
        }),
      () =>
        Effect.sync(() => {
          if (!accepted) intake.leave()
        })
    )
    return yield* Deferred.await(answered)
  })

  return EventStore.of({ execute, ...reader })
})

/** The event store on Postgres 15 or newer. Reads on the pool it is given; appends on connections of its own. */
export const layer = (
  options: PgEventStoreOptions
): Layer.Layer<EventStore, never, PgClient.PgClient | KeyVault | EventOpener | SecureRandom> =>
  Layer.effect(EventStore, make(options))
