import { assert, it } from "@effect/vitest"
import { Applications, type JobApplication } from "@indelible/application/people/Applications"
import { Effect, type Layer, Option, Result } from "effect"

const application = (applicationId: string): JobApplication => ({
  applicationId,
  businessUserId: "user/bob",
  workerUserId: "user/ada",
  status: "open"
})

export const applicationsContract = <E>(adapter: string, layer: Layer.Layer<Applications, E>) =>
  it.layer(layer)(`Applications on ${adapter}`, (it) => {
    it.effect("REQ-MSG-001 finds an application as it was last put", () =>
      Effect.gen(function* () {
        const applications = yield* Applications
        const open = application("job 1 / №42")
        yield* applications.put(open)
        yield* applications.put(open)
        assert.deepStrictEqual(yield* applications.byId(open.applicationId), Option.some(open))
        for (const status of ["withdrawn", "open"] as const) {
          yield* applications.put({ ...open, status })
          const now = Option.some({ ...open, status })
          assert.deepStrictEqual(yield* applications.byId(open.applicationId), now)
        }
      })
    )

    it.effect("REQ-MSG-001 knows no application it was not told of", () =>
      Effect.gen(function* () {
        const applications = yield* Applications
        assert.deepStrictEqual(yield* applications.byId("nothing"), Option.none())
        assert.deepStrictEqual(yield* applications.byId("nothing\0"), Option.none())
      })
    )

    it.effect("never gives an application to other people, nor swaps its sides", () =>
      Effect.gen(function* () {
        const applications = yield* Applications
        const first = application("job 2")
        yield* applications.put(first)
        const others: ReadonlyArray<JobApplication> = [
          { ...first, businessUserId: "user/eve" },
          { ...first, workerUserId: "user/eve", status: "withdrawn" },
          { ...first, businessUserId: first.workerUserId, workerUserId: first.businessUserId }
        ]
        for (const other of others) {
          const error = yield* Effect.flip(applications.put(other))
          assert(error._tag === "ApplicationTaken")
          assert.strictEqual(error.applicationId, "job 2")
        }
        assert.deepStrictEqual(yield* applications.byId("job 2"), Option.some(first))
      })
    )

    it.effect("gives an application to one of two pairs that come at the same instant", () =>
      Effect.gen(function* () {
        const applications = yield* Applications
        const pairs = ["user/ada", "user/eve"].map((workerUserId) => ({
          ...application("job 3"),
          workerUserId
        }))
        const outcomes = yield* Effect.forEach(pairs, (pair) => Effect.result(applications.put(pair)), {
          concurrency: 2
        })
        assert.lengthOf(outcomes.filter(Result.isSuccess), 1)
        const winner = pairs[outcomes.findIndex(Result.isSuccess)]
        assert.deepStrictEqual(yield* applications.byId("job 3"), Option.fromUndefinedOr(winner))
      })
    )
  })
