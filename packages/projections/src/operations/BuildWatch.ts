import { Array, Context, Effect, Layer, Option } from "effect"
import { SqlClient } from "effect/sql"
import { buildsIn } from "../engine/build/BuildTable.ts"
import { ownerOf } from "../engine/Owner.ts"
import { readingTables } from "../engine/ReadModelUnavailable.ts"

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  return {
    /** A build as it stands now, by its id: another one may have followed it. Cheap enough to ask several times a second. */
    build: Effect.fn("BuildWatch.build")(
      function* (id: number) {
        const found = Array.head(yield* buildsIn(yield* sql`SELECT * FROM projection_build WHERE id = ${id}`))
        return yield* Option.match(found, {
          // Nobody removes them.
          onNone: () => Effect.die(new Error(`build ${id} is gone`)),
          onSome: Effect.succeed
        })
      },
      (effect) => readingTables(effect)
    ),
    /** The node that carries out what is asked to be built for a projection; null while none does. */
    builder: (projection: string) =>
      readingTables(Effect.provideService(ownerOf(`build ${projection}`), SqlClient.SqlClient, sql))
  }
})

/** For whoever waits for a build to end. */
export class BuildWatch extends Context.Service<BuildWatch, Effect.Success<typeof make>>()(
  "@indelible/projections/operations/BuildWatch"
) {
  static readonly layer = Layer.effect(this, make)
}
