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

    it.effect("lists what is open of some people, whichever side they are on", () =>
      Effect.gen(function* () {
        const applications = yield* Applications
        const between = (applicationId: string, businessUserId: string, workerUserId: string) => ({
          ...application(applicationId),
          businessUserId,
          workerUserId
        })
        const all = [
          between("list 1", "user/cafe", "user/kim"),
          between("list 2", "user/farm", "user/kim"),
          between("list 3", "user/cafe", "user/lee"),
          between("list 4", "user/farm", "user/lee")
        ]
        for (const one of all.toReversed()) yield* applications.put(one)
        yield* applications.put({ ...between("list 5", "user/cafe", "user/kim"), status: "withdrawn" })
        const of = (userIds: ReadonlyArray<string>, limit = 10) => applications.openOf(userIds, limit)
        assert.deepStrictEqual(yield* of(["user/kim"]), all.slice(0, 2))
        assert.deepStrictEqual(yield* of(["user/cafe", "user/kim"]), all.slice(0, 3))
        assert.deepStrictEqual(yield* of(["user/cafe", "user/kim"], 1), all.slice(0, 1))
        assert.deepStrictEqual(yield* of(["user/nobody"]), [])
        assert.deepStrictEqual(yield* of([]), [])
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
