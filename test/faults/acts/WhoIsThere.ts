import { PresenceView } from "@indelible/api/people/PresenceView"
import { Effect } from "effect"
import { ask } from "../../http/Ask.ts"
import type { Crowd } from "../clients/Crowd.ts"
import { now } from "../history/Recorder.ts"
import { within } from "../Stage.ts"
import type { ProductNode } from "../world/ProductNode.ts"

/** Whether a node shows this one to that one as being there; false as well when it does not answer. */
const isShown = (node: ProductNode, who: string, token: string) =>
  Effect.tryPromise((signal) => {
    const headers = { authorization: `Bearer ${token}` }
    return ask(node.origin, "GET", `/users/${who}/presence`, undefined, { headers, signal })
  }).pipe(
    Effect.map((answer) => answer.status === 200 && answer.as(PresenceView).online),
    Effect.orElseSucceed(() => false)
  )

/** How many of those who are connected, to whichever node, are not shown as being there by each of these. */
const missedBy = ({ devices, people, talks }: Crowd, nodes: ReadonlyArray<ProductNode>) => {
  const there = new Set(devices.filter(({ isConnected }) => isConnected).map(({ person }) => person.userId))
  const tokens = new Map(people.map(({ token, userId }) => [userId, token]))
  const asked = talks.flatMap(({ business, worker }) =>
    [
      { who: business, token: tokens.get(worker) },
      { who: worker, token: tokens.get(business) }
    ].flatMap(({ token, who }) => (token !== undefined && there.has(who) ? [{ who, token }] : []))
  )
  return Effect.map(
    Effect.forEach(
      nodes.flatMap((node) => asked.map((each) => ({ node, ...each }))),
      ({ node, token, who }) => isShown(node, who, token),
      { concurrency: 8 }
    ),
    (shown) => shown.filter((yes) => !yes).length
  )
}

/** Waits until all who are connected are shown to those they talk with. @returns how long it took, and what is broken */
export const allShown = Effect.fnUntraced(function* (
  crowd: Crowd,
  nodes: ReadonlyArray<ProductNode>,
  millis: number
) {
  const since = now()
  let missed = 0
  const all = yield* within(
    millis,
    Effect.map(missedBy(crowd, nodes), (count) => {
      missed = count
      return count === 0
    })
  )
  return {
    took: now() - since,
    broken: all ? [] : [`${missed} people were not shown as being there within ${millis} ms`]
  }
})
