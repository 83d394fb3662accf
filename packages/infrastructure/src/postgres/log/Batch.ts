import type { PgConnection } from "@effect/sql-pg"
import { OutcomeUnknown, Unavailable } from "@indelible/application/store/EventStoreError"
import type { StreamId } from "@indelible/application/store/StreamId"
import { Cause, Clock, Effect } from "effect"
import type { SecureRandom } from "effect/crypto/SecureRandom"
import { nonceLength } from "../../envelope/Body.ts"
import { reach } from "../../faults/CrashPoint.ts"
import { appendParameters, appendStatement, readVerdicts } from "./AppendCall.ts"
import { type LogConnection, NothingDone } from "./LogConnection.ts"
import { settleStream } from "./SettleStream.ts"
import type { StateCache } from "./StateCache.ts"
import { noncesOfACommand, planStream, type StreamPlan } from "./StreamPlan.ts"
import { patienceLimit, type Settlement, type Ticket } from "./Ticket.ts"
import { dropExpired, monotonic } from "./Waiting.ts"
export interface BatchSurroundings {
  readonly cache: StateCache
  readonly settlement: Settlement
  readonly random: SecureRandom["Service"]
}

/** Milliseconds, longer than the server's own limit for a statement: past it, the answer is lost. */
const callDeadline = 6_000

/** However little is left to settle a lost answer, the log gets a chance to give it. */
const leastDeadline = 100

/** How long a call may take: a lost answer in it must be settled in time. */
const deadlineFor = (tickets: ReadonlyArray<Ticket>, now: number): number => {
  const lostAt = Math.min(...tickets.map(({ doubtfulSince }) => doubtfulSince ?? Number.POSITIVE_INFINITY))
  return Math.max(leastDeadline, Math.min(callDeadline, lostAt + patienceLimit - now))
}

const byStream = (tickets: ReadonlyArray<Ticket>): ReadonlyMap<StreamId, ReadonlyArray<Ticket>> =>
  Map.groupBy(tickets, ({ submission }) => submission.stream)

/**
 * Runs a batch again in halves, when one of its commands spoils the call of all: down to that one, which alone suffers.
 * A stream with an unfinished command waits with those behind it: else a later command would overtake an earlier one.
 */
const runHalves = (
  connection: LogConnection,
  batch: ReadonlyArray<Ticket>,
  patience: number,
  surroundings: BatchSurroundings
): Effect.Effect<ReadonlyArray<Ticket>> =>
  Effect.gen(function* () {
    const waiting = dropExpired(batch, yield* monotonic, surroundings.settlement)
    const middle = Math.ceil(waiting.length / 2)
    const redo = yield* runBatch(connection, waiting.slice(0, middle), patience, surroundings)
    const unfinished = new Set(redo.map(({ submission }) => submission.stream))
    const { behind = [], next = [] } = Object.groupBy(waiting.slice(middle), ({ submission }) =>
      unfinished.has(submission.stream) ? "behind" : "next"
    )
    return [...redo, ...behind, ...(yield* runBatch(connection, next, patience, surroundings))]
  })

/**
 * Decides and appends a batch in one call.
 *
 * @param patience milliseconds to wait for each lock; 0 takes what is free
 * @returns the tickets that must be tried again, those of a stream in the order they came
 */
export const runBatch = (
  connection: LogConnection,
  batch: ReadonlyArray<Ticket>,
  patience: number,
  surroundings: BatchSurroundings
): Effect.Effect<ReadonlyArray<Ticket>> =>
  Effect.gen(function* () {
    const { random, settlement } = surroundings
    const now = yield* Clock.currentTimeMillis
    const nonces = yield* random.randomBytes(nonceLength * noncesOfACommand * batch.length)
    let used = 0
    const freshNonce = () => nonces.subarray(nonceLength * used, nonceLength * ++used)

    const plans: Array<StreamPlan> = []
    for (const [stream, tickets] of byStream(batch)) {
      plans.push(planStream(stream, tickets, now, freshNonce, surroundings))
    }

    // Without those that a defect has ended.
    const undecided = plans.flatMap(({ decisions }) => decisions.map(({ ticket }) => ticket))
    const later = plans.flatMap((plan) => plan.later)
    const [only] = undecided
    if (only === undefined) return later
    const alone = undecided.length === 1
    const inHalves = (tickets: ReadonlyArray<Ticket>) =>
      runHalves(connection, tickets, patience, surroundings)

    const lost = Effect.fnUntraced(function* () {
      const since = yield* monotonic
      for (const { decided, ticket } of plans.flatMap(({ decisions }) => decisions)) {
        if (decided._tag !== "Events") continue
        ticket.doubtfulSince ??= since
        ticket.lost.push(decided)
      }
      return undecided
    })

    const settle = Effect.fnUntraced(function* (rows: ReadonlyArray<PgConnection.Row>) {
      const redo: Array<Ticket> = []
      const unreadable: Array<Ticket> = []
      for (const { request: plan, verdict } of readVerdicts(plans, rows)) {
        // One of these commands met the damage; not all of them need to.
        const shared = verdict._tag === "Unreadable" && plan.decisions.length > 1
        if (shared) unreadable.push(...plan.decisions.map(({ ticket }) => ticket))
        else redo.push(...settleStream(plan, verdict, surroundings))
      }
      return unreadable.length === 0 ? redo : [...redo, ...(yield* inHalves(unreadable))]
    })

    const nothingDone = Effect.fnUntraced(function* ({ cause, reason }: NothingDone) {
      switch (reason) {
        case "unreachable":
          for (const ticket of undecided) {
            if (ticket.doubtfulSince === null) {
              settlement.failed(ticket, new Unavailable({ reason: "unreachable", cause }))
            }
          }
          // The others are asked about again until they expire; no need to hammer a database that is down.
          yield* Effect.sleep("50 millis")
          return undecided.filter(({ doubtfulSince }) => doubtfulSince !== null)
        case "locked":
        case "contended":
          // Those who wait for a slice together all lack the same lock; otherwise one of them spoils it for the rest.
          if (!alone && (patience === 0 || reason === "contended")) return yield* inHalves(undecided)
          if (reason === "contended") yield* Effect.sleep("20 millis")
          for (const ticket of undecided) {
            // Found taken in company and now alone: it leaves the lane.
            ticket.turnedAway += 2
            if (patience === 0) ticket.taken = "row"
          }
          return undecided
        case "refused":
          if (!alone) return yield* inHalves(undecided)
          settlement.died(only, cause)
          return []
      }
    })

    reach("append.before-commit")
    const deadline = deadlineFor(undecided, yield* monotonic)
    return yield* Effect.try({
      // Waiting for a lock must not look like an answer lost.
      try: () => appendParameters(plans, Math.min(patience, Math.floor(deadline / 2))),
      catch: (cause) => new NothingDone({ reason: "refused", cause })
    }).pipe(
      Effect.flatMap((parameters) => connection.call(appendStatement, parameters, deadline)),
      Effect.tap(() => Effect.sync(() => reach("append.after-commit"))),
      Effect.flatMap(settle),
      Effect.catchTag("AnswerLost", lost),
      Effect.catchTag("NothingDone", nothingDone),
      Effect.map((redo) => [...redo, ...later])
    )
  }).pipe(
    // A mistake of ours in here must not stop the line, nor leave anyone without an answer.
    Effect.catchCause((cause) => {
      if (Cause.hasInterruptsOnly(cause)) return Effect.failCause(cause)
      for (const ticket of batch) {
        surroundings.settlement.failed(
          ticket,
          new OutcomeUnknown({ commandKey: ticket.submission.commandKey })
        )
      }
      return Effect.as(Effect.logError("a batch of commands ended in a defect", cause), [])
    })
  )
