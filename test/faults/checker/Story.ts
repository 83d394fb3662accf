import type { Line, LineOf } from "../history/Line.ts"
import type { Attempt, Outcome, Recorded, Sends } from "./Sends.ts"

/** A time in which something was wrong. */
export interface Outage {
  readonly name: string
  /** When it is one node that is away, and no other. */
  readonly node: string | undefined
  /** `stall`: of the machine that all of it runs on. */
  readonly kind: LineOf<"fault">["kind"] | "stall"
  readonly from: number
  /** Infinity when it was never over. */
  readonly to: number
}

/** A device's connection, from its sign-in to its end. */
export interface Session {
  readonly device: string
  readonly user: string
  readonly node: string
  readonly session: number
  readonly from: number
  /** Infinity when it never ended. */
  readonly to: number
}

/** Milliseconds by which two clocks of one machine may seem to differ. */
export const clocksDiffer = 50

/** A history, in the terms in which promises are made. */
export interface Story {
  /** By how much all times may be longer than promised, on a machine that has other things to do; usually 1. */
  readonly slack: number
  readonly sends: Sends
  readonly events: ReadonlyArray<LineOf<"event">>
  readonly marks: ReadonlyArray<LineOf<"ack" | "read">>
  readonly sessions: ReadonlyArray<Session>
  readonly frames: ReadonlyArray<LineOf<"frame">>
  readonly takes: ReadonlyArray<LineOf<"take">>
  readonly badges: ReadonlyArray<LineOf<"badge">>
  readonly takenBack: ReadonlyArray<LineOf<"taken back">>
  readonly outages: ReadonlyArray<Outage>
  /** When a time of the wall clock was, on the clock of the history; undefined when nobody wrote that down. */
  readonly timeOf: ((instant: string) => number) | undefined
  readonly histories: ReadonlyArray<LineOf<"history">>
  readonly searches: ReadonlyArray<LineOf<"search">>
  readonly inboxes: ReadonlyArray<LineOf<"inbox">>
  readonly unreads: ReadonlyArray<LineOf<"unread">>
  readonly verifies: ReadonlyArray<LineOf<"verify">>
}

type Lines = ReadonlyArray<Line>

const outcomeOf = (end: LineOf<"send"> | undefined): Outcome => {
  if (end?.phase === "ok" && end.pos !== undefined && end.tag !== undefined && end.at !== undefined) {
    return { _tag: "Ok", pos: end.pos, tag: end.tag, recordedAt: end.at, repeat: end.repeat === true }
  }
  return end?.phase === "fail"
    ? { _tag: "Refused", error: end.error ?? "" }
    : { _tag: "Unknown", error: end?.error ?? "no end" }
}

const attemptsIn = (lines: ReadonlyArray<LineOf<"send">>): ReadonlyArray<Attempt> => {
  const ends = new Map(lines.filter(({ phase }) => phase !== "invoke").map((line) => [line.call, line]))
  return lines
    .filter(({ phase }) => phase === "invoke")
    .map(({ call, conv, hash, key, proc, t, user }) => {
      const end = ends.get(call)
      return {
        process: proc,
        stream: conv,
        key: `${user}/${key}`,
        content: hash,
        began: t,
        ended: end?.phase === "ok" || end?.phase === "fail" ? end.t : Number.POSITIVE_INFINITY,
        ...(end !== undefined && { gaveUp: end.t }),
        outcome: outcomeOf(end)
      }
    })
}

const recorded = ({
  at,
  conv,
  hash,
  key,
  ordinal,
  pos,
  seq,
  slice,
  slicePos,
  tag,
  user
}: LineOf<"event">): Recorded => ({
  slice,
  slicePos,
  stream: conv,
  pos,
  key: `${user}/${key}`,
  ordinal,
  message: seq === null ? null : { seq, content: hash },
  recordedAt: at,
  tag
})

const sessionsIn = (lines: ReadonlyArray<LineOf<"session">>): ReadonlyArray<Session> => {
  const ends = new Map(lines.filter(({ phase }) => phase === "info").map(({ session, t }) => [session, t]))
  return lines
    .filter(({ phase }) => phase === "ok")
    .map(({ node, proc, session, t, user }) => ({
      device: proc,
      user,
      node,
      session,
      from: t,
      to: ends.get(session) ?? Number.POSITIVE_INFINITY
    }))
}

/** Outages of one node alone are named for it, as acts do: `node a`. */
const nodeIn = (name: string) => /^node (\w+)/.exec(name)?.[1]

const outagesIn = (lines: ReadonlyArray<LineOf<"fault">>): ReadonlyArray<Outage> =>
  lines
    .filter(({ phase }) => phase === "invoke")
    .map(({ kind, proc, t }) => ({
      name: proc,
      node: nodeIn(proc),
      kind,
      from: t,
      to:
        lines.find((end) => end.phase === "ok" && end.proc === proc && end.t >= t)?.t ??
        Number.POSITIVE_INFINITY
    }))

const stallsIn = (lines: ReadonlyArray<LineOf<"stall">>): ReadonlyArray<Outage> =>
  lines.map(({ millis, proc, t }) => ({
    name: proc,
    node: undefined,
    kind: "stall",
    from: t - millis,
    to: t
  }))

const timeIn = ([clock]: ReadonlyArray<LineOf<"clock">>) =>
  clock && ((instant: string) => Date.parse(instant) - clock.wall + clock.t)

export const storyOf = (lines: Lines, slack = 1): Story => {
  const of = <Op extends Line["op"]>(...ops: ReadonlyArray<Op>) =>
    lines.filter((line): line is LineOf<Op> => ops.some((op) => op === line.op))
  const events = of("event")
  return {
    slack,
    sends: { attempts: attemptsIn(of("send")), log: events.map(recorded) },
    events,
    marks: of("ack", "read"),
    sessions: sessionsIn(of("session")),
    frames: of("frame"),
    takes: of("take"),
    badges: of("badge"),
    takenBack: of("taken back"),
    outages: [...outagesIn(of("fault")), ...stallsIn(of("stall"))],
    timeOf: timeIn(of("clock")),
    histories: of("history"),
    searches: of("search"),
    inboxes: of("inbox"),
    unreads: of("unread"),
    verifies: of("verify")
  }
}
