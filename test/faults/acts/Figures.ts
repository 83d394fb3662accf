import { Effect } from "effect"
import type { ProductNode } from "../world/ProductNode.ts"

// What nodes tell of themselves. A node that tells nothing ends the act: 0 in its place would look like all is well.

/** A figure that every node has from its start. */
export const figure = (node: ProductNode, name: string): Effect.Effect<number> =>
  Effect.flatMap(node.metric(name), (told) =>
    told === undefined
      ? Effect.die(new Error(`node ${node.name} does not tell ${name}`))
      : Effect.succeed(told)
  )

/** A counter, which is absent until it counts for the first time. */
export const counter = (node: ProductNode, name: string, labels?: Readonly<Record<string, string>>) =>
  Effect.andThen(
    figure(node, "process_start_time_seconds"),
    Effect.map(node.metric(name, labels), (told) => told ?? 0)
  )

/** Of several nodes together. */
export const sum = (
  nodes: ReadonlyArray<ProductNode>,
  each: (node: ProductNode) => Effect.Effect<number>
): Effect.Effect<number> =>
  Effect.map(Effect.forEach(nodes, each, { concurrency: "unbounded" }), (all) =>
    all.reduce((total, one) => total + one, 0)
  )

export const socketsOn = (node: ProductNode) => figure(node, "indelible_realtime_sockets")

/** Sockets that it has closed so far, or seen closed, with this code. */
export const closedBy = (code: number) => (node: ProductNode) =>
  counter(node, "indelible_realtime_closes_total", { code: String(code) })
