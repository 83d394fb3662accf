import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import { Effect, Result, Schema } from "effect"
import { SqlClient } from "effect/sql"
import * as Checkpoint from "../Checkpoint.ts"
import { type Claim, claim } from "../Claim.ts"
import type { Projection } from "../Projection.ts"
import type { Build } from "./Build.ts"
import { compare } from "./Compare.ts"

/** Tables of another version say something else, and there is nothing to learn from that. */
export class OtherVersion extends Schema.TaggedError<OtherVersion>()("OtherVersion", {
  projection: Schema.String,
  live: Schema.NullOr(Schema.Int),
  built: Schema.Int
}) {
  override get message() {
    return `the live tables of ${this.projection} were made for version ${this.live}, those built now for version ${this.built}, so they were not compared; a rebuild replaces them`
  }
}

const compareAlike = Effect.fnUntraced(function* <E extends DomainEvent>(
  projection: Projection<E>,
  built: Claim
) {
  const live = yield* Checkpoint.versionOf(projection.name)
  if (live !== built.version) {
    return yield* new OtherVersion({ projection: projection.name, live, built: built.version })
  }
  return yield* compare(projection, built)
})

/**
 * Compares, and keeps what was found with the build. A rebuild is just for live tables that are stuck, old or broken: of
 * such it goes on without, and tells why.
 *
 * @returns the claim as it is then, and why nothing was compared
 */
export const compareForBuild = Effect.fn("CompareForBuild.compareForBuild")(function* <E extends DomainEvent>(
  projection: Projection<E>,
  built: Claim,
  build: Build
) {
  const sql = yield* SqlClient.SqlClient
  const compared = yield* Effect.result(compareAlike(projection, built))
  if (Result.isSuccess(compared)) {
    yield* sql`
      UPDATE projection_build SET comparison = ${JSON.stringify(compared.success.comparison)}::jsonb
      WHERE id = ${build.id}`
    return { claim: compared.success.claim, uncompared: null }
  }
  const error = compared.failure
  const isAboutLive =
    error._tag === "LiveStandsStill" || error._tag === "LiveBroken" || error._tag === "OtherVersion"
  if (build.kind === "verify" || !isAboutLive) return yield* error
  // The comparison may have folded some more before it failed.
  return { claim: yield* claim(built.name), uncompared: error.message }
})
