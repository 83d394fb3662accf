import type { LineOf } from "../history/Line.ts"
import type { Story } from "./Story.ts"
import type { Violation } from "./Violation.ts"

type Event = LineOf<"event">

const broken = (kind: string, detail: string): Violation => ({ invariant: "I7", kind, detail })

const differences = (where: string, shown: ReadonlyArray<number>, expected: ReadonlyArray<number>) => {
  const [has, should] = [new Set(shown), new Set(expected)]
  return [
    ...[...should].filter((pos) => !has.has(pos)).map((pos) => broken("skipped", `${where}: lacks ${pos}`)),
    ...[...has]
      .filter((pos) => !should.has(pos))
      .map((pos) => broken("made up", `${where}: ${pos} is not in the log`))
  ]
}

const ofHistory = ({ conv, seen, user }: LineOf<"history">, messages: ReadonlyArray<Event>) => {
  const where = `history of ${user} ${conv}`
  const byPos = new Map(messages.map((message) => [message.pos, message]))
  return [
    ...differences(
      where,
      seen.map(({ pos }) => pos),
      [...byPos.keys()]
    ),
    ...seen.flatMap(({ hash, key, pos }) => {
      const message = byPos.get(pos)
      if (message === undefined) return []
      const wrong = hash !== message.readable || (key !== null && key !== message.key)
      return wrong ? [broken("wrong row", `${where}: ${pos} is not what was sent`)] : []
    })
  ]
}

const ofInbox = (
  { conv, last, messages: count, pos, user }: LineOf<"inbox">,
  events: ReadonlyArray<Event>,
  messages: ReadonlyArray<Event>
) => {
  const expected = { pos: events.at(-1)?.pos, messages: messages.length, last: messages.at(-1)?.pos ?? null }
  return pos === expected.pos && count === expected.messages && last === expected.last
    ? []
    : [
        broken(
          "wrong row",
          `inbox of ${user} ${conv}: at ${pos} with ${count} messages, the last at ${last}; it is ${JSON.stringify(expected)}`
        )
      ]
}

/** That everybody's inbox has their conversations, each once. */
const inboxesAreWhole = ({ histories, inboxes }: Story) => {
  const shown = Map.groupBy(inboxes, ({ conv, user }) => `${user} ${conv}`)
  const twice = [...shown].filter(([, entries]) => entries.length > 1)
  return [
    ...histories
      .map(({ conv, user }) => `${user} ${conv}`)
      .filter((place) => !shown.has(place))
      .map((place) => broken("skipped", `inbox of ${place}: it is not there`)),
    ...twice.map(([place, { length }]) => broken("made up", `inbox of ${place}: there ${length} times`))
  ]
}

/** Every read model is what the log makes of it: no event is skipped, none applied twice. */
export const projections = (story: Story): ReadonlyArray<Violation> => {
  const conversations = Map.groupBy(story.events, ({ conv }) => conv)
  const eventsOf = (conv: string) => conversations.get(conv) ?? []
  const messagesOf = (conv: string) => eventsOf(conv).filter(({ seq }) => seq !== null)
  return [
    ...story.histories.flatMap((history) => ofHistory(history, messagesOf(history.conv))),
    ...story.inboxes.flatMap((inbox) => ofInbox(inbox, eventsOf(inbox.conv), messagesOf(inbox.conv))),
    ...inboxesAreWhole(story),
    ...story.searches.flatMap(({ conv, seen, user }) =>
      differences(
        `search of ${user} ${conv}`,
        seen,
        messagesOf(conv).flatMap(({ findable, pos }) => (findable ? [pos] : []))
      )
    ),
    ...story.verifies.flatMap(({ detail, phase, projection }) =>
      phase === "ok" ? [] : [broken("differs", `${projection} differs from its rebuild: ${detail}`)]
    )
  ]
}
