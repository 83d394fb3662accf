import { ApplicationStatus, Applications, ApplicationTaken } from "@indelible/application/people/Applications"
import { Array, Effect, Layer, Option, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { orUnavailable } from "./PersonRow.ts"

const decode = Schema.decodeUnknownEffect(
  Schema.Array(
    Schema.Struct({
      applicationId: Schema.String,
      businessUserId: Schema.String,
      workerUserId: Schema.String,
      status: ApplicationStatus
    })
  )
)

/** An application one of whose people was erased reads as absent, and its id stays taken. */
export const layer = Layer.effect(
  Applications,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const columns = sql.literal(`
      application_id AS "applicationId",
      business_user_id AS "businessUserId",
      worker_user_id AS "workerUserId",
      status`)

    return Applications.of({
      put: Effect.fn("PgApplications.put")(function* ({
        applicationId,
        businessUserId,
        status,
        workerUserId
      }) {
        // The condition decides the race: whoever comes second with other people changes nothing.
        const rows = yield* orUnavailable(sql`
          INSERT INTO vault.application (application_id, business_user_id, worker_user_id, status)
          VALUES (${applicationId}, ${businessUserId}, ${workerUserId}, ${status})
          ON CONFLICT (application_id) DO UPDATE
          SET status = EXCLUDED.status
          WHERE application.business_user_id = EXCLUDED.business_user_id
            AND application.worker_user_id = EXCLUDED.worker_user_id
          RETURNING application_id`)
        if (rows.length === 0) return yield* new ApplicationTaken({ applicationId })
      }),

      byId: Effect.fn("PgApplications.byId")(function* (applicationId) {
        // A person may ask for any text, and Postgres has none with U+0000: that is no outage.
        if (applicationId.includes("\0")) return Option.none()
        const rows = yield* orUnavailable(sql`
          SELECT ${columns}
          FROM vault.application
          WHERE application_id = ${applicationId}
            AND business_user_id IS NOT NULL
            AND worker_user_id IS NOT NULL`)
        return Array.head(yield* Effect.orDie(decode(rows)))
      }),

      openOf: Effect.fn("PgApplications.openOf")(function* (userIds, limit) {
        const rows = yield* orUnavailable(sql`
          SELECT ${columns}
          FROM vault.application
          WHERE status = 'open'
            AND (business_user_id = ANY(${userIds}::text[]) OR worker_user_id = ANY(${userIds}::text[]))
            AND business_user_id IS NOT NULL
            AND worker_user_id IS NOT NULL
          ORDER BY application_id COLLATE "C"
          LIMIT ${limit}`)
        return yield* Effect.orDie(decode(rows))
      })
    })
  })
)
