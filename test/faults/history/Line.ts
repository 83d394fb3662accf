import { Schema } from "effect"

/** Milliseconds of the machine's monotonic clock, and who saw it: a device, a program, or the log itself. */
const base = { t: Schema.Finite, proc: Schema.String }

const answered = Schema.Literals(["invoke", "ok", "fail", "info"])

/** A message as a list, a frame or the log has it. `hash` is null for content that was not shown. */
export const Seen = Schema.Struct({
  pos: Schema.Int,
  /** The client's id for the message; null where only its sender is told. */
  key: Schema.NullOr(Schema.String),
  hash: Schema.NullOr(Schema.String)
})
export type Seen = typeof Seen.Type

/**
 * One attempt at a send. `fail`: not saved, and never will be; `info`: nobody knows, as after a time-out or a cut.
 * `call` pairs an attempt with its end.
 */
export const SendLine = Schema.Struct({
  ...base,
  op: Schema.Literal("send"),
  phase: answered,
  call: Schema.Int,
  conv: Schema.String,
  /** Whose message it is. */
  user: Schema.String,
  key: Schema.String,
  /** SHA-256 of the text. */
  hash: Schema.String,
  pos: Schema.optionalKey(Schema.Int),
  tag: Schema.optionalKey(Schema.String),
  at: Schema.optionalKey(Schema.String),
  repeat: Schema.optionalKey(Schema.Boolean),
  error: Schema.optionalKey(Schema.String)
})

/** That a device has, or a person has read, everything up to `pos`; null: everything there is. */
export const MarkLine = Schema.Struct({
  ...base,
  op: Schema.Literals(["ack", "read"]),
  phase: answered,
  call: Schema.Int,
  conv: Schema.String,
  user: Schema.String,
  pos: Schema.NullOr(Schema.Int),
  /** How much of the conversation the device has. */
  known: Schema.Int,
  error: Schema.optionalKey(Schema.String)
})

/** A device's connection: `ok` when it is signed in, `info` when it has ended, whoever ended it. */
export const SessionLine = Schema.Struct({
  ...base,
  op: Schema.Literal("session"),
  phase: Schema.Literals(["ok", "info"]),
  session: Schema.Int,
  user: Schema.String,
  node: Schema.String,
  code: Schema.optionalKey(Schema.Int)
})

/**
 * `resume`: while it was asked for what a connection had missed, when frames may come again; `start`: the same, of a
 * device that comes for the first time and has missed nothing.
 */
const Via = Schema.Literals(["live", "resume", "start"])
export type Via = typeof Via.Type

/** A durable frame as it came over the wire. */
export const FrameLine = Schema.Struct({
  ...base,
  op: Schema.Literal("frame"),
  phase: Schema.Literal("ok"),
  session: Schema.Int,
  conv: Schema.String,
  kind: Schema.String,
  via: Via,
  ...Seen.fields,
  /** Of messages: number, and who sent it where the frame says so. */
  seq: Schema.NullOr(Schema.Int),
  sender: Schema.NullOr(Schema.String)
})

/** The server told a device that what it has is not in the log, or that there is no such conversation. */
export const TakenBackLine = Schema.Struct({
  ...base,
  op: Schema.Literal("taken back"),
  phase: Schema.Literal("info"),
  conv: Schema.String,
  state: Schema.Literals(["resync", "not_found"])
})

/** What a device took into its list: each message once. */
export const TakeLine = Schema.Struct({
  ...base,
  op: Schema.Literal("take"),
  phase: Schema.Literal("ok"),
  conv: Schema.String,
  via: Via,
  seen: Schema.Array(Seen)
})

/** The number of unread messages that a device shows. */
export const BadgeLine = Schema.Struct({
  ...base,
  op: Schema.Literal("badge"),
  phase: Schema.Literal("ok"),
  user: Schema.String,
  /** null: in all of them. */
  conv: Schema.NullOr(Schema.String),
  /** After which event of the conversation; null for all of them. */
  pos: Schema.NullOr(Schema.Int),
  unread: Schema.Int
})

/** A fault begins (`invoke`) and is over (`ok`): everything that it touched is back. */
export const FaultLine = Schema.Struct({
  ...base,
  op: Schema.Literal("fault"),
  phase: Schema.Literals(["invoke", "ok"]),
  /** `outage`: delivery may stand still until it is over. `losable`: nobody may notice. */
  kind: Schema.Literals(["outage", "losable"])
})

/**
 * The machine, or the one process in which all clients are, gave nobody a turn for so many milliseconds until now:
 * nothing is learnt from what took long.
 */
export const StallLine = Schema.Struct({
  ...base,
  op: Schema.Literal("stall"),
  phase: Schema.Literal("ok"),
  millis: Schema.Finite
})

/** The wall clock, in milliseconds since 1970: the log goes by that one. */
export const ClockLine = Schema.Struct({
  ...base,
  op: Schema.Literal("clock"),
  phase: Schema.Literal("ok"),
  wall: Schema.Finite
})

/** An event as the log has it. */
export const EventLine = Schema.Struct({
  ...base,
  op: Schema.Literal("event"),
  phase: Schema.Literal("ok"),
  conv: Schema.String,
  slice: Schema.Int,
  slicePos: Schema.Int,
  pos: Schema.Int,
  tag: Schema.String,
  at: Schema.String,
  type: Schema.String,
  user: Schema.String,
  side: Schema.NullOr(Schema.Literals(["business", "worker"])),
  key: Schema.String,
  ordinal: Schema.Int,
  /** Of messages: number, what was stored and what readers are to see of it. */
  seq: Schema.NullOr(Schema.Int),
  hash: Schema.NullOr(Schema.String),
  readable: Schema.NullOr(Schema.String),
  /** Whether search must find it. */
  findable: Schema.Boolean,
  /** Of receipts: the message number up to which. */
  upTo: Schema.NullOr(Schema.Int),
  /** Both sides' unread messages as the event states them. */
  unread: Schema.Struct({ business: Schema.Int, worker: Schema.Int })
})

/** A receipt as history shows it. */
const Receipt = Schema.Struct({
  pos: Schema.Int,
  deliveredAt: Schema.NullOr(Schema.String),
  readAt: Schema.NullOr(Schema.String)
})

/** What one person's lists said in the end. */
export const HistoryLine = Schema.Struct({
  ...base,
  op: Schema.Literal("history"),
  phase: Schema.Literal("ok"),
  user: Schema.String,
  conv: Schema.String,
  seen: Schema.Array(Seen),
  receipts: Schema.Array(Receipt)
})
export const SearchLine = Schema.Struct({
  ...base,
  op: Schema.Literal("search"),
  phase: Schema.Literal("ok"),
  user: Schema.String,
  conv: Schema.String,
  /** Newest first. */
  seen: Schema.Array(Schema.Int)
})
export const InboxLine = Schema.Struct({
  ...base,
  op: Schema.Literal("inbox"),
  phase: Schema.Literal("ok"),
  user: Schema.String,
  conv: Schema.String,
  pos: Schema.Int,
  messages: Schema.Int,
  last: Schema.NullOr(Schema.Int),
  unread: Schema.Int
})
export const UnreadLine = Schema.Struct({
  ...base,
  op: Schema.Literal("unread"),
  phase: Schema.Literal("ok"),
  user: Schema.String,
  /** null: in all of them. */
  conv: Schema.NullOr(Schema.String),
  unread: Schema.Int
})

/** A read model compared with one made anew from the log. */
export const VerifyLine = Schema.Struct({
  ...base,
  op: Schema.Literal("verify"),
  phase: Schema.Literals(["ok", "fail"]),
  projection: Schema.String,
  detail: Schema.String
})

export const Line = Schema.Union([
  SendLine,
  MarkLine,
  SessionLine,
  FrameLine,
  TakeLine,
  BadgeLine,
  FaultLine,
  TakenBackLine,
  StallLine,
  ClockLine,
  EventLine,
  HistoryLine,
  SearchLine,
  InboxLine,
  UnreadLine,
  VerifyLine
])
export type Line = typeof Line.Type
export type LineOf<Op extends Line["op"]> = Extract<Line, { readonly op: Op }>
