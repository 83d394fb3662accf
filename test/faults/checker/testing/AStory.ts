import type { Line, LineOf } from "../../history/Line.ts"

/**
 * A history in which every promise was kept: a business (`ada`) and a worker (`bob`) with a device each. Ada sends two
 * messages, at 100 and 200 ms; Bob's device acknowledges both and Bob reads the first.
 */
const conv = "conversation"
const wall = Date.parse("2026-11-01T09:00:00Z")
/** When the event at a position was saved: on the clock of the history 5 ms after it was asked for. */
const at = (pos: number) => new Date(wall + (pos - 1) * 100 + 5).toISOString()

const event = (
  pos: number,
  type: string,
  user: string,
  changes: Partial<LineOf<"event">> = {}
): LineOf<"event"> => ({
  t: 9_000,
  proc: "log",
  op: "event",
  phase: "ok",
  conv,
  slice: 1,
  slicePos: pos,
  pos,
  tag: `tag ${pos}`,
  at: at(pos),
  type,
  user,
  side: user === "ada" ? "business" : "worker",
  key: `key ${pos}`,
  ordinal: 0,
  seq: null,
  hash: null,
  readable: null,
  findable: false,
  upTo: null,
  unread: { business: 0, worker: 0 },
  ...changes
})

const message = (pos: number, seq: number, unread: number) =>
  event(pos, "TextSent", "ada", {
    seq,
    hash: `text ${pos}`,
    readable: `readable ${pos}`,
    findable: seq === 2,
    unread: { business: 0, worker: unread }
  })

/** The log: started, a message, another one, both delivered, the first one read. */
export const events = [
  event(1, "ConversationStarted", "ada", { side: null }),
  message(2, 1, 1),
  message(3, 2, 2),
  event(4, "MessagesDelivered", "bob", { upTo: 2, unread: { business: 0, worker: 2 } }),
  event(5, "MessagesRead", "bob", { upTo: 1, unread: { business: 0, worker: 1 } })
]

const send = (pos: number, t: number): ReadonlyArray<Line> => {
  const line = {
    proc: "ada/1",
    op: "send",
    call: pos,
    conv,
    user: "ada",
    key: `key ${pos}`,
    hash: `text ${pos}`
  } as const
  return [
    { ...line, t, phase: "invoke" },
    { ...line, t: t + 10, phase: "ok", pos, tag: `tag ${pos}`, at: at(pos), repeat: false }
  ]
}

/** The second message sent once more, and answered by what was saved before. */
export const again = (t: number, repeat: boolean) =>
  send(3, t).map(
    (line): Line =>
      line.op === "send" ? { ...line, call: 1_000 + t, ...(line.phase === "ok" && { repeat }) } : line
  )

const mark = (op: "ack" | "read", pos: number, t: number): ReadonlyArray<Line> => {
  const line = { proc: "bob/1", op, call: 100 + t, conv, user: "bob", pos, known: 3 } as const
  return [
    { ...line, t, phase: "invoke" },
    { ...line, t: t + 10, phase: "ok" }
  ]
}

const seenBy = (user: string, pos: number) => ({
  pos,
  key: user === "ada" ? `key ${pos}` : null,
  hash: `readable ${pos}`
})

const session = (user: string, phase: "ok" | "info", t: number): Line => ({
  t,
  proc: `${user}/1`,
  op: "session",
  phase,
  session: user === "ada" ? 1 : 2,
  user,
  node: "a"
})

/** A frame, and what the device makes of it. */
export const arrives = (user: string, pos: number, t: number): ReadonlyArray<Line> => {
  const line = { t, proc: `${user}/1`, phase: "ok", conv, via: "live" } as const
  const seen = seenBy(user, pos)
  return [
    {
      ...line,
      op: "frame",
      session: user === "ada" ? 1 : 2,
      kind: "message_received",
      ...seen,
      seq: pos - 1,
      sender: "ada"
    },
    { ...line, op: "take", seen: [seen] }
  ]
}

const lists = (user: string, unread: number): ReadonlyArray<Line> => {
  const line = { t: 8_000, proc: `${user}/lists`, phase: "ok", user } as const
  return [
    {
      ...line,
      op: "history",
      conv,
      seen: [seenBy(user, 2), seenBy(user, 3)],
      receipts: [
        { pos: 2, deliveredAt: at(4), readAt: at(5) },
        { pos: 3, deliveredAt: at(4), readAt: null }
      ]
    },
    { ...line, op: "search", conv, seen: [3] },
    { ...line, op: "inbox", conv, pos: 5, messages: 2, last: 3, unread },
    { ...line, op: "unread", conv, unread },
    { ...line, op: "unread", conv: null, unread }
  ]
}

const badge = (user: string, pos: number, unread: number, t: number): Line => ({
  t,
  proc: `${user}/1`,
  op: "badge",
  phase: "ok",
  user,
  conv,
  pos,
  unread
})

export const lines: ReadonlyArray<Line> = [
  { t: 0, proc: "machine", op: "clock", phase: "ok", wall },
  session("ada", "ok", 0),
  session("bob", "ok", 0),
  ...send(2, 100),
  ...arrives("ada", 2, 110),
  ...arrives("bob", 2, 115),
  badge("bob", 2, 1, 115),
  ...send(3, 200),
  ...arrives("ada", 3, 210),
  ...arrives("bob", 3, 215),
  badge("bob", 3, 2, 215),
  ...mark("ack", 3, 300),
  ...mark("read", 2, 400),
  badge("bob", 5, 1, 410),
  ...lists("ada", 0),
  ...lists("bob", 1),
  ...events,
  { t: 8_500, proc: "verify", op: "verify", phase: "ok", projection: "inbox", detail: "2 rows" },
  session("ada", "info", 9_500),
  session("bob", "info", 9_500)
]

export const fault = (
  kind: "outage" | "losable",
  from: number,
  to: number,
  proc = "a part"
): ReadonlyArray<Line> => [
  { t: from, proc, op: "fault", phase: "invoke", kind },
  { t: to, proc, op: "fault", phase: "ok", kind }
]

/** The same with every line changed that is meant; undefined takes it away. */
export const changed = (change: (line: Line) => Line | undefined): ReadonlyArray<Line> =>
  lines.flatMap((line) => change(line) ?? [])
