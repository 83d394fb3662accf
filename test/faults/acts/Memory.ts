import { Effect } from "effect"
import type { ProductNode } from "../world/ProductNode.ts"
import { figure } from "./Figures.ts"

const megabyte = 1024 * 1024

/** What any work leaves behind for a while; what piles up for want of a limit is soon more. */
const most = 150

const residentIn = (node: ProductNode) =>
  Effect.map(figure(node, "process_resident_memory_bytes"), (bytes) => bytes / megabyte)

/** Looks at the memory of nodes during some work. @returns by how many megabytes one of them grew at most */
export const growthDuring = Effect.fnUntraced(function* <A, E, R>(
  nodes: ReadonlyArray<ProductNode>,
  work: Effect.Effect<A, E, R>
) {
  const memory = Effect.forEach(nodes, residentIn)
  const before = yield* memory
  let grown = 0
  const look = Effect.map(memory, (now) => {
    grown = Math.max(grown, ...now.map((megabytes, i) => megabytes - (before[i] ?? 0)))
  })
  const result = yield* Effect.raceFirst(work, Effect.forever(Effect.delay(look, "500 millis")))
  yield* look
  return { result, grown, broken: grown < most ? [] : [`a node grew by ${grown.toFixed(0)} MB`] }
})
