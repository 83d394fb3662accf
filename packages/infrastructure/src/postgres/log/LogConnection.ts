import { PgConnection } from "@effect/sql-pg"
import { Data, type Duration, Effect, Exit, Fiber, type Redacted, Scope } from "effect"
import type { SqlError } from "effect/sql/SqlError"

/** The database was not reached, or answered that nothing was done: certainly nothing was saved. */
export class NothingDone extends Data.TaggedError("NothingDone")<{
  /**
   * `unreachable`: no connection, or a database that cannot work now (disk full, read-only, starting). `locked`: a lock
   * was not had in time. `contended`: another writer was faster, or the call took too long. `refused`: the call itself
   * is at fault.
   */
  readonly reason: "unreachable" | "locked" | "contended" | "refused"
  readonly cause: unknown
}> {}

/** The call was sent and its answer never came: it may or may not have been saved. */
export class AnswerLost extends Data.TaggedError("AnswerLost")<{ readonly cause: unknown }> {}

const postgresFields = (
  error: SqlError
): { readonly code?: unknown; readonly severityUnlocalized?: unknown } => {
  const { cause } = error.reason
  return typeof cause === "object" && cause !== null ? cause : {}
}

const contention = new Set([
  "StatementTimeoutError",
  "DeadlockError",
  "SerializationError",
  "UniqueViolation"
])

/** SQLSTATE classes that speak of what was sent: data, constraints, syntax. Any other speaks of the database. */
const ofTheCall = /^(22|23|42)/

const reasonOf = (tag: string, code: string): NothingDone["reason"] => {
  if (tag === "LockTimeoutError") return "locked"
  if (contention.has(tag)) return "contended"
  return ofTheCall.test(code) ? "refused" : "unreachable"
}

/**
 * Postgres answers an ERROR only after rolling back. A FATAL (57P01 and its like), a connection error, or anything
 * without an SQLSTATE leaves open whether the commit came first.
 */
const judge = (error: SqlError): NothingDone | AnswerLost => {
  const { code, severityUnlocalized } = postgresFields(error)
  return typeof code === "string" && !code.startsWith("08") && severityUnlocalized === "ERROR"
    ? new NothingDone({ reason: reasonOf(error.reason._tag, code), cause: error })
    : new AnswerLost({ cause: error })
}

export interface LogConnection {
  /**
   * Runs one statement on this line's own connection, opened when it is needed and given up after a lost answer.
   * `deadline` bounds the whole call; running into it after sending counts as a lost answer.
   */
  readonly call: (
    statement: string,
    parameters: ReadonlyArray<unknown>,
    deadline: Duration.Input
  ) => Effect.Effect<ReadonlyArray<PgConnection.Row>, NothingDone | AnswerLost>
}

// `nestloop` off leaves the LATERAL look-ups as they are (there is no other way to run them) and turns every other join
// of the call into a hash join: a batch costs what its size says, not its square. A generic plan is made once.
const planning = {
  plan_cache_mode: "force_generic_plan",
  enable_nestloop: "off",
  enable_mergejoin: "off",
  enable_seqscan: "off",
  jit: "off"
}

/** A connection for appending alone, under READ COMMITTED, so that the call's statements see what locks let through. */
export const make = Effect.fn("LogConnection.make")(function* (url: Redacted.Redacted, name: string) {
  const scope = yield* Effect.scope
  let open: { readonly connection: PgConnection.PgConnection; readonly scope: Scope.Closeable } | undefined

  const close = Effect.suspend(() => {
    const closing = open
    open = undefined
    // Not awaited: a dead peer must not delay the next attempt.
    return closing === undefined
      ? Effect.void
      : Effect.asVoid(Effect.forkIn(Scope.close(closing.scope, Exit.void), scope))
  })

  const connect = Effect.gen(function* () {
    const own = yield* Scope.fork(scope)
    const connection = yield* PgConnection.make({
      url,
      applicationName: name,
      connectTimeout: "2 seconds",
      startupParameters: {
        ...planning,
        // Not left to a default of the role or database: an answer means that it is on disk.
        synchronous_commit: "on",
        statement_timeout: "5000",
        // A lane takes what is free: it could only wait for a change of the tables, or for a stranger's unfinished row.
        // Patience sets its own.
        lock_timeout: "100",
        default_transaction_isolation: "read committed",
        timezone: "UTC"
      }
    }).pipe(
      Scope.provide(own),
      Effect.onError(() => Scope.close(own, Exit.void)),
      Effect.mapError((cause) => new NothingDone({ reason: "unreachable", cause }))
    )
    open = { connection, scope: own }
    return connection
  })

  yield* Effect.addFinalizer(() => close)
  return {
    call: (statement, parameters, deadline) =>
      Effect.suspend(() => {
        let sent = false
        const late = new Error("no answer in time")
        return Effect.gen(function* () {
          const connection = open?.connection ?? (yield* connect)
          sent = true
          // In a fiber of its own, which ends with the connection: an interrupted query first asks the server to
          // cancel, and waits up to 10 s for one that does not answer.
          const query = yield* Effect.forkDetach(connection.query(statement, parameters))
          const result = yield* Effect.mapError(Fiber.join(query), judge)
          return result.rows
        }).pipe(
          Effect.timeoutOrElse({
            duration: deadline,
            orElse: () =>
              Effect.fail(
                sent
                  ? new AnswerLost({ cause: late })
                  : new NothingDone({ reason: "unreachable", cause: late })
              )
          }),
          Effect.tapErrorTag("AnswerLost", () => close)
        )
      })
  } satisfies LogConnection
})
