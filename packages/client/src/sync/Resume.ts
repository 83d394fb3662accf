import { MAX_RESUMED } from "@indelible/api/realtime/ClientFrame"
import type { ResumedConversation } from "@indelible/api/realtime/ServerFrame"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Effect } from "effect"
import { type AskFailure, NoAnswer } from "../connection/AskFailure.ts"
import type { AskedFrame } from "../connection/Line.ts"
import type { HeardFrame } from "../connection/ReadFrame.ts"
import type { Conversations } from "../conversations/Conversations.ts"
import type { Fetching } from "./Fetching.ts"

/** Further behind than so many events a conversation is read anew rather than caught up with. */
const FAR = 1_000

type Ask = (frame: AskedFrame) => Effect.Effect<HeardFrame, AskFailure>

/** A conversation that this device does not have, and where it stands. */
export interface Other {
  readonly conversationId: string
  readonly pos: number
  readonly unread: number
}

export interface ResumeHouse {
  readonly conversations: Conversations
  readonly fetching: Fetching
}

const chunked = (ids: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<string>> =>
  Array.from({ length: Math.max(1, Math.ceil(ids.length / MAX_RESUMED)) }, (_, n) =>
    ids.slice(n * MAX_RESUMED, (n + 1) * MAX_RESUMED)
  )

/**
 * Fetches what these conversations missed, until nothing is missing; the frames themselves come as all others do. With
 * `others` it answers those that this device does not have.
 */
export const resume = Effect.fnUntraced(function* (
  { conversations, fetching }: ResumeHouse,
  ask: Ask,
  ids: ReadonlyArray<string>,
  others: boolean
): Effect.fn.Return<ReadonlyArray<Other>, AskFailure> {
  const found: Array<Other> = []

  /** Asks once, later when it was too soon; answers which are still behind. */
  const once = Effect.fnUntraced(function* (
    chunk: ReadonlyArray<string>,
    others: boolean
  ): Effect.fn.Return<ReadonlyArray<string>, AskFailure> {
    const cursors = chunk.flatMap((id) => {
      const held = conversations.get(id)
      if (held === undefined) return []
      const conversationId = ConversationId.make(id)
      return held.tag === null
        ? [{ conversationId, pos: 0 }]
        : [{ conversationId, pos: held.pos, tag: held.tag }]
    })
    if (cursors.length === 0 && !others) return []
    const before = new Map(chunk.map((id) => [id, conversations.get(id)?.pos]))
    const asked = ask({ type: "resume", conversations: cursors, ...(others && { others }) })
    const answer = yield* Effect.retry(asked, {
      times: 20,
      while: (failure) =>
        failure._tag === "Refused" && failure.code === "rate_limited"
          ? Effect.as(Effect.sleep(failure.retryAfterMs ?? 1_000), true)
          : false
    })
    if (answer.type !== "resumed") return yield* new NoAnswer({ asked: "resume" })
    found.push(...(answer.others ?? []))
    const settled = yield* Effect.forEach(
      answer.conversations,
      (stands) => settle(stands, before.get(stands.conversationId)),
      { concurrency: 4 }
    )
    return settled.flat()
  })

  const settle = Effect.fnUntraced(function* (stands: ResumedConversation, before: number | undefined) {
    const { conversationId: id } = stands
    switch (stands.state) {
      case "not_found":
        conversations.remove(id)
        return []
      case "resync":
        // What the service cannot tell now it tells when the conversation is opened.
        conversations.remove(id)
        return yield* Effect.match(fetching.anew(id), { onFailure: () => [], onSuccess: () => [id] })
      case "live":
      case "more": {
        conversations.update(id, (held) => ({ ...held, unreadCount: stands.unread }))
        if (stands.state === "live") return []
        if (stands.head - stands.pos <= FAR && conversations.get(id)?.pos !== before) return [id]
        // Too far behind, or not a step further: without what the service says now there is no use in asking again.
        return yield* Effect.match(fetching.anew(id), { onFailure: () => [], onSuccess: () => [id] })
      }
    }
  })

  let first = others
  for (const chunk of chunked(ids)) {
    let behind = chunk
    do {
      behind = yield* once(behind, first)
      first = false
    } while (behind.length > 0)
  }
  return found
})
