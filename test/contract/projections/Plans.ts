import { Effect, Schema } from "effect"
import { SqlClient, Statement } from "effect/sql"

export interface PlanNode {
  readonly "Node Type": string
  readonly "Relation Name"?: string | undefined
  readonly "Index Name"?: string | undefined
  readonly "Shared Hit Blocks": number
  readonly "Shared Read Blocks": number
  readonly Plans?: ReadonlyArray<PlanNode> | undefined
}
const PlanNode = Schema.Struct({
  "Node Type": Schema.String,
  "Relation Name": Schema.optional(Schema.String),
  "Index Name": Schema.optional(Schema.String),
  "Shared Hit Blocks": Schema.Int,
  "Shared Read Blocks": Schema.Int,
  Plans: Schema.optional(Schema.Array(Schema.suspend((): Schema.Codec<PlanNode> => PlanNode)))
})
const Explained = Schema.Tuple([
  Schema.Struct({ "QUERY PLAN": Schema.Tuple([Schema.Struct({ Plan: PlanNode })]) })
])

/** A node with all below it. */
export const nodesOf = (node: PlanNode): ReadonlyArray<PlanNode> => [
  node,
  ...(node.Plans ?? []).flatMap(nodesOf)
]

const literal = (parameter: unknown): string => {
  if (typeof parameter === "number") return String(parameter)
  if (Array.isArray(parameter)) return `'{${parameter.join(",")}}'`
  // An array whose type the driver was told.
  if (typeof parameter === "object" && parameter !== null && "value" in parameter)
    return literal(parameter.value)
  return `'${parameter instanceof Date ? parameter.toISOString() : String(parameter).replaceAll("'", "''")}'`
}

/**
 * How Postgres goes about the statements of an effect, in a transaction. They are prepared as the driver does it, since
 * a plan for parameters yet unknown may differ from one for values.
 */
export const plansOf = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  const client = yield* SqlClient.SqlClient
  const plans: Array<PlanNode> = []
  yield* Effect.provideService(effect, Statement.CurrentTransformer, (statement) =>
    Effect.gen(function* () {
      const [text, parameters] = statement.compile()
      yield* client.unsafe(`PREPARE explained AS ${text}`)
      const rows = yield* client.unsafe(
        `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE explained (${parameters.map(literal).join(", ")})`
      )
      yield* client`DEALLOCATE explained`
      plans.push(Schema.decodeUnknownSync(Explained)(rows)[0]["QUERY PLAN"][0].Plan)
      return statement
    }).pipe(Effect.provideService(Statement.CurrentTransformer, undefined), Effect.orDie)
  )
  return plans
})

/** Pages of 8 KB that were looked at. */
export const blocksOf = (plan: PlanNode): number => plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
