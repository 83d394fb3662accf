import type { MessageView } from "@indelible/api/message/MessageView"
import type { ConversationSeen } from "./Conversation.ts"
import type { Tick } from "./Script.ts"
import type { Sent, Story } from "./Story.ts"

type Text = Extract<MessageView, { readonly type: "TEXT" }>
type System = Extract<MessageView, { readonly type: "SYSTEM" }>

export const tickOf = ({ deliveredAt, readAt }: Text): Tick =>
  readAt !== null ? "read" : deliveredAt !== null ? "delivered" : "sent"

const textsOf = ({ entries }: ConversationSeen) =>
  entries.filter((entry): entry is Text => entry.type === "TEXT")
const systemOf = ({ entries }: ConversationSeen) =>
  entries.filter((entry): entry is System => entry.type === "SYSTEM")

const differs = (what: string, found: unknown, expected: unknown): ReadonlyArray<string> => {
  const [one, other] = [JSON.stringify(found), JSON.stringify(expected)]
  return one === other ? [] : [`${what}: ${one} instead of ${other}`]
}

/** What somebody sees of a conversation against what was said in it. */
const againstSaid = (
  who: string,
  seen: ConversationSeen,
  sent: ReadonlyArray<Sent>
): ReadonlyArray<string> => {
  const texts = textsOf(seen)
  return [
    ...differs(`messages that ${who} sees`, texts.length, sent.length),
    ...sent.flatMap(({ id, line }, at) => {
      const found = texts[at]
      const shown = found && [found.id, found.seq, found.side, found.text, tickOf(found)]
      return differs(`message ${at + 1} as ${who} sees it`, shown, [
        id,
        at + 1,
        line.by,
        line.text,
        line.tick
      ])
    }),
    ...differs(
      `status changes that ${who} sees`,
      systemOf(seen).map(({ system }) => [system.event, system.by]),
      [
        ["archived", "business"],
        ["reopened", "worker"]
      ]
    ),
    ...differs(`status that ${who} sees`, seen.conversation.status, "ACTIVE"),
    ...differs(`message count that ${who} sees`, seen.conversation.messageCount, sent.length),
    ...differs(`unread messages of ${who}`, [seen.conversation.unreadCount, seen.unreadInAll], [1, 1])
  ]
}

/** What is the same for both people, so without whose view it is. */
const shared = (entry: MessageView) => {
  if (entry.type === "SYSTEM") return entry
  const { clientMessageId: _own, mine: _mine, ...rest } = entry
  return rest
}

/** A socket that was open from the first event on has every event exactly once, in order. */
const againstRecord = ({ frames, seenBy }: Story): ReadonlyArray<string> => {
  const durable = frames.flatMap((frame) => ("pos" in frame && !("repeat" in frame) ? [frame] : []))
  const { pos } = seenBy.worker.conversation
  const everyPos = Array.from({ length: pos }, (_, at) => at + 1)
  const live = durable.flatMap((frame) =>
    frame.type === "message_received" ? [[frame.messageId, frame.text]] : []
  )
  const theirs = textsOf(seenBy.worker).filter(({ mine }) => !mine)
  return [
    ...differs(
      "events that came over the WebSocket",
      durable.map((frame) => frame.pos),
      everyPos
    ),
    ...differs(
      "messages that came over the WebSocket",
      live,
      theirs.map(({ id, text }) => [id, text])
    )
  ]
}

/** Whatever is not as it has to be, in words; empty when all is well. */
export const differencesIn = (story: Story): ReadonlyArray<string> => {
  const { cast, conversation, repeats, seenBy, sent, startedAgain } = story
  const { business, worker } = seenBy
  return [
    ...differs("the conversation, started from the other side", startedAgain, conversation),
    ...repeats.flatMap(({ first, id, repeat }) => differs("a repeated send", [id, repeat], [first.id, true])),
    ...againstSaid(cast.business.name, business, sent),
    ...againstSaid(cast.worker.name, worker, sent),
    ...differs("what both see", business.entries.map(shared), worker.entries.map(shared)),
    ...differs(
      "the two people's names",
      [worker.conversation.other.name, business.conversation.other.name],
      [cast.business.name, cast.worker.name]
    ),
    ...againstRecord(story)
  ]
}
