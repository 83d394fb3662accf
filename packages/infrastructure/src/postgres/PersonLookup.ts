import { PgTypes } from "@effect/sql-pg"
import type { DirectoryUnavailable, Person } from "@indelible/application/people/People"
import { Deferred, Effect, Exit, FiberSet, Option, Queue, Result } from "effect"
import { SqlClient } from "effect/sql"
import { InstallationKey } from "../keys/InstallationKey.ts"
import { personColumns, personOf, personRows } from "./PersonRow.ts"

interface Asked {
  readonly userId: string
  readonly answer: Deferred.Deferred<Option.Option<Person>, DirectoryUnavailable>
}

/** One who asks alone is answered at once; who comes within this time after a question goes into the next. */
const gather = "5 millis"
const mostAtOnce = 500

/**
 * Finds people by the platform's ids, those of one moment by one statement: after the death of a node thousands sign in
 * within seconds, each a person who was not asked for before. Questions do not wait for each other's answers.
 */
export const personLookup = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const installation = yield* InstallationKey
  const line = yield* Queue.unbounded<Asked>()
  const questions = yield* FiberSet.make()
  const columns = sql.literal(personColumns)

  const find = Effect.fnUntraced(function* (userIds: ReadonlyArray<string>) {
    const hashes = userIds.map((userId) => installation.mac("user-id", userId))
    const rows = yield* personRows(sql`
      SELECT ${columns}
      FROM vault.person
      WHERE user_id_hash = ANY(${Result.getOrThrow(PgTypes.array(hashes, PgTypes.OID.bytea))}) AND erased_at IS NULL`)
    return new Map(rows.map((row) => [row.userId, personOf(row)]))
  })

  const answerAll = (asked: ReadonlyArray<Asked>) =>
    Effect.onExit(find([...new Set(asked.map(({ userId }) => userId))]), (exit) =>
      Effect.sync(() => {
        for (const { answer, userId } of asked) {
          const person = Exit.map(exit, (found) => Option.fromUndefinedOr(found.get(userId)))
          Deferred.doneUnsafe(answer, person)
        }
      })
    )

  yield* Queue.takeBetween(line, 1, mostAtOnce).pipe(
    Effect.andThen((asked) => FiberSet.run(questions, answerAll(asked))),
    Effect.andThen(Effect.sleep(gather)),
    Effect.forever,
    Effect.forkScoped
  )

  return Effect.fnUntraced(function* (userId: string) {
    const answer = Deferred.makeUnsafe<Option.Option<Person>, DirectoryUnavailable>()
    Queue.offerUnsafe(line, { userId, answer })
    return yield* Deferred.await(answer)
  })
})
