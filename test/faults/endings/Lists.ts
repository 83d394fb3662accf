import { FoundMessage } from "@indelible/api/search/FoundView"
import { Effect, Schema } from "effect"
import { History, List, Unread } from "../../http/Answers.ts"
import { ask } from "../../http/Ask.ts"
import { hashOf, searchWord } from "../clients/Message.ts"
import type { Person } from "../clients/Person.ts"
import type { Recorder } from "../history/Recorder.ts"

const Found = Schema.Struct({ messages: Schema.Array(FoundMessage), next: Schema.NullOr(Schema.String) })

const askerFor =
  (origin: string, { token }: Person) =>
  <A>(path: string, answer: Schema.Codec<A, unknown>) =>
    Effect.tryPromise(async () =>
      (await ask(origin, "GET", path, undefined, { headers: { authorization: `Bearer ${token}` } })).as(
        answer
      )
    )

type Asker = ReturnType<typeof askerFor>
type Text = Extract<(typeof History.Type)["messages"][number], { readonly type: "TEXT" }>

/** A whole conversation, page after page from its beginning. */
const wholeHistory = Effect.fnUntraced(function* (get: Asker, conv: string) {
  const texts: Array<Text> = []
  for (let after = 0; ; ) {
    const page = yield* get(`/conversations/${conv}/messages?after=${after}&limit=100`, History)
    for (const message of page.messages) if (message.type === "TEXT") texts.push(message)
    const last = page.messages.at(-1)
    if (!page.hasLater || last === undefined) return texts
    after = last.pos
  }
})

const everyHit = Effect.fnUntraced(function* (get: Asker, conv: string) {
  const positions: Array<number> = []
  for (let cursor = ""; ; ) {
    const path = `/conversations/${conv}/messages/search?q=${searchWord}&limit=50${cursor}`
    const page = yield* get(path, Found)
    positions.push(...page.messages.map(({ pos }) => pos))
    if (page.next === null) return positions
    cursor = `&cursor=${encodeURIComponent(page.next)}`
  }
})

const inboxOf = Effect.fnUntraced(function* (get: Asker) {
  const entries: Array<(typeof List.Type)["conversations"][number]> = []
  for (let cursor = ""; ; ) {
    const page = yield* get(`/conversations?limit=100${cursor}`, List)
    entries.push(...page.conversations)
    if (page.next === null) return entries
    cursor = `&cursor=${encodeURIComponent(page.next)}`
  }
})

const ofPerson = Effect.fnUntraced(function* (recorder: Recorder, origin: string, person: Person) {
  const get = askerFor(origin, person)
  const line = { proc: `${person.userId}/lists`, phase: "ok", user: person.userId } as const
  for (const conv of person.conversations) {
    const texts = yield* wholeHistory(get, conv)
    recorder.record({
      ...line,
      op: "history",
      conv,
      seen: texts.map(({ clientMessageId, pos, text }) => ({
        pos,
        key: clientMessageId,
        hash: text === null ? null : hashOf(text)
      })),
      receipts: texts.map(({ deliveredAt, pos, readAt }) => ({ pos, deliveredAt, readAt }))
    })
    recorder.record({ ...line, op: "search", conv, seen: yield* everyHit(get, conv) })
    const { unreadCount } = yield* get(`/conversations/${conv}/unread-count`, Unread)
    recorder.record({ ...line, op: "unread", conv, unread: unreadCount })
  }
  for (const { id, lastMessage, messageCount, pos, unreadCount } of yield* inboxOf(get)) {
    const entry = { pos, messages: messageCount, last: lastMessage?.pos ?? null, unread: unreadCount }
    recorder.record({ ...line, op: "inbox", conv: id, ...entry })
  }
  const { unreadCount } = yield* get("/conversations/unread-count", Unread)
  recorder.record({ ...line, op: "unread", conv: null, unread: unreadCount })
})

/** Reads everybody's lists, each person's on one of the nodes, and writes them down. */
export const record = Effect.fn("Lists.record")(function* (
  recorder: Recorder,
  origins: ReadonlyArray<string>,
  people: ReadonlyArray<Person>
) {
  yield* Effect.forEach(
    people.map((person, i) => ({ person, origin: origins[i % origins.length] ?? "" })),
    ({ origin, person }) => ofPerson(recorder, origin, person),
    { concurrency: 6, discard: true }
  )
})
