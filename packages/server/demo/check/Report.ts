import type { MessageView } from "@indelible/api/message/MessageView"
import type { Person } from "./Cast.ts"
import type { ConversationSeen } from "./Conversation.ts"
import { tickOf } from "./Differences.ts"
import type { Story } from "./Story.ts"

/** The messenger, with the conversation open for whoever signs in as one of its two people. */
export const linkFor = (origin: URL, { conversation }: Story): string =>
  new URL(`/c/${conversation}`, origin).href

const marks = { sent: "✓  sent", delivered: "✓✓ delivered", read: "✓✓ read" }
const wide = Math.max(...Object.values(marks).map((mark) => mark.length))
const system = "SYSTEM"

/** Text stands last in its line, because nobody knows how wide a terminal shows it. */
const entryLines = (entry: MessageView, other: string): ReadonlyArray<string> => {
  const time = entry.sentAt.slice(11, 19)
  if (entry.type === "SYSTEM") {
    const { by, event } = entry.system
    return [
      `       ${time}  ${system.padEnd(6)}  ${event} by ${by === "system" ? "the system" : `the ${by}`}`
    ]
  }
  const who = entry.mine ? "me" : other
  const tick = entry.mine ? marks[tickOf(entry)] : ""
  const head = `  ${`#${entry.seq}`.padEnd(3)}  ${time}  ${who.padEnd(6)}  ${tick.padEnd(wide)}  `
  const [first = "", ...more] = (entry.text ?? "(no longer retained)").split("\n")
  return [head + first, ...more.map((line) => " ".repeat(head.length) + line)]
}

const viewLines = ({ name, role }: Person, { conversation, entries, unreadInAll }: ConversationSeen) => {
  const { messageCount, other, status, unreadCount } = conversation
  const given = other.name.split(" ", 1)[0] ?? other.name
  return [
    "",
    `As ${name} (${role}) sees it: ${status}, ${messageCount} messages, ${unreadCount} unread (${unreadInAll} in all)`,
    ...entries.flatMap((entry) => entryLines(entry, given))
  ]
}

/** For people, and for a pipe: no colours, nothing moves. */
export const report = (story: Story, origin: URL, differences: ReadonlyArray<string>): string => {
  const { cast, seenBy } = story
  const verdict =
    differences.length === 0
      ? ["Both see the same, it is what was sent, and the repeated messages are there once."]
      : ["NOT AS IT HAS TO BE:", ...differences.map((difference) => `  - ${difference}`)]
  return [
    ...viewLines(cast.business, seenBy.business),
    ...viewLines(cast.worker, seenBy.worker),
    "",
    ...verdict,
    "",
    `See it in a browser, as ${cast.business.name} or ${cast.worker.name}:`,
    `  ${linkFor(origin, story)}`,
    ""
  ].join("\n")
}

/** The same for programs. */
export const reportJson = (story: Story, origin: URL, differences: ReadonlyArray<string>) => ({
  ok: differences.length === 0,
  differences,
  ...story.cast,
  conversation: story.conversation,
  seenBy: story.seenBy,
  link: linkFor(origin, story)
})
