import {
  Applications,
  ApplicationTaken,
  type JobApplication
} from "@indelible/application/people/Applications"
import { Effect, Layer, Option } from "effect"

/** Job applications in this process only. */
export const layer = Layer.sync(Applications, () => {
  const known = new Map<string, JobApplication>()

  return Applications.of({
    put: ({ applicationId, businessUserId, status, workerUserId }) =>
      Effect.suspend(() => {
        const before = known.get(applicationId)
        const taken =
          before !== undefined &&
          (before.businessUserId !== businessUserId || before.workerUserId !== workerUserId)
        if (taken) return Effect.fail(new ApplicationTaken({ applicationId }))
        known.set(applicationId, { applicationId, businessUserId, workerUserId, status })
        return Effect.void
      }),
    byId: (applicationId) => Effect.sync(() => Option.fromUndefinedOr(known.get(applicationId))),
    openOf: (userIds, limit) =>
      Effect.sync(() =>
        [...known.values()]
          .filter(
            ({ businessUserId, status, workerUserId }) =>
              status === "open" && (userIds.includes(businessUserId) || userIds.includes(workerUserId))
          )
          .sort((a, b) => (a.applicationId < b.applicationId ? -1 : 1))
          .slice(0, limit)
      )
  })
})
