import type { LineOf } from "../history/Line.ts"

export type Side = "business" | "worker"
type Event = LineOf<"event">

export const otherSide = (side: Side): Side => (side === "business" ? "worker" : "business")

/** Unread messages of both sides. */
export type Unread = Readonly<Record<Side, number>>

/** Counted anew after each event of a conversation, by position: the other side's messages above the read mark. */
export const unreadAfter = (events: ReadonlyArray<Event>): ReadonlyMap<number, Unread> => {
  const sent: Record<Side, Array<number>> = { business: [], worker: [] }
  const read: Record<Side, number> = { business: 0, worker: 0 }
  const unreadOf = (side: Side) => sent[otherSide(side)].filter((seq) => seq > read[side]).length
  return new Map(
    events.map(({ pos, seq, side, type, upTo }) => {
      if (side !== null && seq !== null) sent[side].push(seq)
      if (side !== null && type === "MessagesRead") read[side] = Math.max(read[side], upTo ?? 0)
      return [pos, { business: unreadOf("business"), worker: unreadOf("worker") }]
    })
  )
}

/** Whose side a person is on, by what they did, or by what the other one did. */
export const sideOf = (events: ReadonlyArray<Event>, user: string): Side | undefined => {
  const own = events.find((event) => event.user === user && event.side !== null)?.side
  const any = events.find(({ side }) => side !== null)?.side
  return own ?? (any === undefined || any === null ? undefined : otherSide(any))
}
