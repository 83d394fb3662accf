import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Effect } from "effect"
import type { Device } from "./Device.ts"
import { refused, unanswered } from "./Outcome.ts"

/** Tells the server of a mark and writes down how that went. @param pos null: everything there is */
const mark = Effect.fnUntraced(function* (
  device: Device,
  op: "ack" | "read",
  conv: string,
  pos: number | null
) {
  const { name, options, person } = device
  const { recorder } = options
  const known = device.threads.get(conv)?.pos ?? 0
  const line = { proc: name, op, call: recorder.next(), conv, user: person.userId, pos, known } as const
  recorder.record({ ...line, phase: "invoke" })
  const conversationId = ConversationId.make(conv)
  const answer = yield* device.ask(
    op === "ack"
      ? { type: "ack_delivered", conversationId, upTo: pos ?? 1 }
      : { type: "mark_read", conversationId, upTo: pos ?? "all" }
  )
  const outcome =
    answer.type === "error"
      ? refused(answer.code)
      : answer.type === "none"
        ? unanswered(answer.why)
        : { phase: "ok" as const }
  recorder.record({ ...line, ...outcome })
  return outcome.phase === "ok"
})

/** Acknowledges what it has of the other side, some at a time. */
export const acknowledges = (device: Device): Effect.Effect<never> => {
  const { seed } = device.options
  const acknowledged = new Map<string, number>()
  return Effect.gen(function* () {
    yield* Effect.sleep(50 + seed.below(300))
    yield* device.connected
    for (const [conv, positions] of device.theirs) {
      const pos = positions.at(-1) ?? 0
      if (pos <= (acknowledged.get(conv) ?? 0)) continue
      if (yield* mark(device, "ack", conv, pos)) acknowledged.set(conv, pos)
    }
  }).pipe(Effect.forever)
}

/** Now and then its person looks into a conversation, and reads some of it or all. */
export const reads = (device: Device): Effect.Effect<never> => {
  const { seed } = device.options
  const read = new Map<string, number>()
  return Effect.gen(function* () {
    yield* Effect.sleep(300 + seed.below(2_000))
    yield* device.connected
    const unread = Array.from(device.theirs, ([conv, positions]) => ({
      conv,
      positions: positions.filter((pos) => pos > (read.get(conv) ?? 0))
    })).filter(({ positions }) => positions.length > 0)
    const [first, ...others] = unread
    if (first === undefined) return
    const { conv, positions } = seed.pick([first, ...others])
    const all = seed.below(3) === 0
    const pos = (all ? positions.at(-1) : positions[seed.below(positions.length)]) ?? 0
    if (yield* mark(device, "read", conv, all ? null : pos)) read.set(conv, pos)
  }).pipe(Effect.forever)
}
