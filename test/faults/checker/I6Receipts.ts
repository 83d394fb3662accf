import type { LineOf } from "../history/Line.ts"
import { devicesIn } from "./Devices.ts"
import { clocksDiffer, type Story } from "./Story.ts"
import { otherSide, type Side, sideOf, type Unread, unreadAfter } from "./Unread.ts"
import type { Violation } from "./Violation.ts"

type Event = LineOf<"event">

const broken = (kind: string, detail: string): Violation => ({ invariant: "I6", kind, detail })

/** How far each side has received and read, by message number. */
interface Marks {
  readonly delivered: number
  readonly read: number
}

const markOf = (type: string): keyof Marks | undefined =>
  type === "MessagesDelivered" ? "delivered" : type === "MessagesRead" ? "read" : undefined

/**
 * Whether somebody of that side had said so by then: a device for what was delivered, a person for what was read. That
 * all is read is said of what was there at that time.
 */
const wasSaid = (
  { marks, timeOf }: Story,
  { at, conv, type, upTo, user }: Event,
  posOf: (seq: number) => number
) => {
  const time = timeOf?.(at)
  const ends = new Map(marks.filter(({ phase }) => phase === "ok").map(({ call, t }) => [call, t]))
  return marks.some(
    (mark) =>
      mark.phase === "invoke" &&
      mark.conv === conv &&
      mark.user === user &&
      (type === "MessagesDelivered" || mark.op === "read") &&
      (time === undefined || mark.t <= time + clocksDiffer) &&
      (mark.pos === null
        ? time === undefined || (ends.get(mark.call) ?? time) >= time - clocksDiffer
        : mark.pos >= posOf(upTo ?? 0))
  )
}

/** A mark that was answered `ok` is there, or one that is further on. */
const lostMarks = ({ marks }: Story, conv: string, events: ReadonlyArray<Event>) =>
  marks.flatMap((mark) => {
    if (mark.phase !== "ok" || mark.conv !== conv) return []
    const side = sideOf(events, mark.user)
    const theirs = events.filter((event) => event.side !== side && event.pos <= (mark.pos ?? mark.known))
    const due = Math.max(0, ...theirs.map(({ seq }) => seq ?? 0))
    const types = mark.op === "read" ? ["MessagesRead"] : ["MessagesRead", "MessagesDelivered"]
    const made = events.filter((event) => event.side === side && types.includes(event.type))
    const reached = Math.max(0, ...made.map(({ upTo }) => upTo ?? 0))
    return reached >= due
      ? []
      : [broken("lost mark", `${conv}: ${mark.proc} ${mark.op} ${due} was ok, it is ${reached}`)]
  })

/** That marks rise, stay within what was sent, and were asked for. */
const inOrder = (story: Story, conv: string, events: ReadonlyArray<Event>) => {
  const found: Array<Violation> = []
  const marks: Record<Side, Marks> = {
    business: { delivered: 0, read: 0 },
    worker: { delivered: 0, read: 0 }
  }
  const positions: Array<number> = []
  for (const event of events) {
    const { pos, seq, side, type, upTo } = event
    if (seq !== null) positions[seq] = pos
    const kind = markOf(type)
    if (kind === undefined || side === null || upTo === null) continue
    const where = `${conv} ${pos}: ${kind} ${upTo}`
    const before = marks[side]
    if (upTo <= before[kind]) found.push(broken("went back", `${where} after ${before[kind]}`))
    if (positions[upTo] === undefined) found.push(broken("too early", `${where}, not sent yet`))
    if (!wasSaid(story, event, (at) => positions[at] ?? 0)) {
      found.push(broken("made up", `${where}, which nobody of that side said`))
    }
    const delivered = Math.max(before.delivered, upTo)
    marks[side] = { delivered, read: kind === "read" ? Math.max(before.read, upTo) : before.read }
  }
  return found
}

/** That every event states the numbers of unread messages as they are. */
const statedUnread = (conv: string, events: ReadonlyArray<Event>, counted: ReadonlyMap<number, Unread>) =>
  events.flatMap(({ pos, unread }) => {
    const { business, worker } = counted.get(pos) ?? unread
    return business === unread.business && worker === unread.worker
      ? []
      : [
          broken(
            "wrong count",
            `${conv} ${pos}: says ${unread.business} and ${unread.worker} unread, it is ${business} and ${worker}`
          )
        ]
  })

/** The time of the first event of that side that covers a message. */
const firstCovering = (events: ReadonlyArray<Event>, side: Side, seq: number, types: ReadonlyArray<string>) =>
  events.find((event) => event.side === side && types.includes(event.type) && (event.upTo ?? 0) >= seq)?.at ??
  null

const inHistory = ({ conv, receipts, user }: LineOf<"history">, events: ReadonlyArray<Event>) =>
  receipts.flatMap(({ deliveredAt, pos, readAt }) => {
    const message = events.find((event) => event.pos === pos)
    if (message === undefined || message.seq === null || message.side === null) return []
    const reader = otherSide(message.side)
    const expected = {
      deliveredAt: firstCovering(events, reader, message.seq, ["MessagesDelivered", "MessagesRead"]),
      readAt: firstCovering(events, reader, message.seq, ["MessagesRead"])
    }
    return deliveredAt === expected.deliveredAt && readAt === expected.readAt
      ? []
      : [
          broken(
            "wrong receipt",
            `${user} ${conv} ${pos}: shows ${deliveredAt}, ${readAt}; it is ${expected.deliveredAt}, ${expected.readAt}`
          )
        ]
  })

/** What people are told is unread, by their side of the log. */
const unreadOf = (conversations: ReadonlyMap<string, ReadonlyArray<Event>>) => {
  const counted = new Map(Array.from(conversations, ([conv, events]) => [conv, unreadAfter(events)]))
  /** @param pos after which event; the last one unless given */
  return (user: string, conv: string, pos?: number | null) => {
    const events = conversations.get(conv) ?? []
    const side = sideOf(events, user)
    const at = pos ?? events.at(-1)?.pos ?? 0
    return side === undefined ? 0 : (counted.get(conv)?.get(at)?.[side] ?? 0)
  }
}

/**
 * Sent, then delivered, then read: *delivered* only after a device said so, and no mark goes back. Unread is the other
 * side's messages above the mark, the same in the log, in every list, and on every badge at every moment.
 */
export const receipts = (story: Story): ReadonlyArray<Violation> => {
  const { badges, histories, inboxes, unreads } = story
  const conversations = Map.groupBy(story.events, ({ conv }) => conv)
  const expectedIn = unreadOf(conversations)
  const expectedInAll = (user: string) =>
    histories.reduce((sum, { conv, ...each }) => (each.user === user ? sum + expectedIn(user, conv) : sum), 0)
  const compare = (what: string, told: number, expected: number) =>
    told === expected ? [] : [broken("wrong count", `${what} says ${told}, it is ${expected}`)]
  const connected = new Set(
    devicesIn(story).flatMap(({ endsConnected, name }) => (endsConnected ? [name] : []))
  )
  // What each device showed last.
  const last = new Map(badges.map((badge) => [`${badge.proc} ${badge.conv}`, badge]))
  return [
    ...Array.from(conversations, ([conv, events]) => [
      ...inOrder(story, conv, events),
      ...lostMarks(story, conv, events),
      ...statedUnread(conv, events, unreadAfter(events))
    ]).flat(),
    ...histories.flatMap((history) => inHistory(history, conversations.get(history.conv) ?? [])),
    ...inboxes.flatMap(({ conv, unread, user }) =>
      compare(`the inbox of ${user} ${conv}`, unread, expectedIn(user, conv))
    ),
    ...unreads.flatMap(({ conv, unread, user }) =>
      compare(
        `the count of ${user} ${conv}`,
        unread,
        conv === null ? expectedInAll(user) : expectedIn(user, conv)
      )
    ),
    ...badges.flatMap(({ conv, pos, proc, unread, user }) =>
      conv === null
        ? []
        : compare(`the badge of ${proc} ${conv} at ${pos}`, unread, expectedIn(user, conv, pos))
    ),
    ...[...last.values()].flatMap(({ conv, proc, unread, user }) =>
      connected.has(proc)
        ? compare(
            `the badge of ${proc} ${conv} in the end`,
            unread,
            conv === null ? expectedInAll(user) : expectedIn(user, conv)
          )
        : []
    )
  ]
}
