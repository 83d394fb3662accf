import { People } from "@indelible/application/people/People"
import type { PositionToken } from "@indelible/application/store/PositionToken"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { readable } from "@indelible/domain/text/ReadableText"
import { Context, Effect, Hash, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { Freshness } from "../engine/Freshness.ts"
import { Inbox, type InboxEntry } from "../inbox/Inbox.ts"
import { inboxProjection } from "../inbox/InboxProjection.ts"
import { unreadProjection } from "../unread/UnreadProjection.ts"
import { type Candidate, candidateOf, cursors, inOrder } from "./Candidate.ts"
import { bestHits, hitsAt } from "./ConversationHits.ts"
import { type Excerpt, excerptOf } from "./Excerpt.ts"
import { matches } from "./Matching.ts"
import { hitOf, type MessageHit } from "./MessageHit.ts"
import { ownMessages } from "./OwnMessages.ts"
import { searchQuery } from "./ReadQuery.ts"
import { Searching } from "./Searching.ts"
import { searchProjection } from "./SearchProjection.ts"
import { findsAnything, type SearchQuery } from "./SearchQuery.ts"
import { wordsOf } from "./Words.ts"

/** A conversation that was found: by the other person's name, by its best message, or by both. */
export interface FoundConversation {
  readonly entry: InboxEntry
  readonly name: Excerpt | null
  readonly message: MessageHit | null
}

export interface ConversationSearchQuery {
  readonly subject: SubjectId
  /** As it was typed. */
  readonly text: string
  /** 1 to 50. */
  readonly limit: number
  /** `next` of the page before. */
  readonly cursor?: string | undefined
  readonly token?: PositionToken | undefined
}

export interface ConversationSearchPage {
  readonly found: ReadonlyArray<FoundConversation>
  readonly next: string | null
}

const nothing: ConversationSearchPage = { found: [], next: null }

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const freshness = yield* Freshness
  const searching = yield* Searching
  const inbox = yield* Inbox
  const people = yield* People

  /** Names are read where they are kept, and of whoever was erased there is none. */
  const namesThatMatch = Effect.fnUntraced(function* (
    subjects: ReadonlyArray<SubjectId>,
    query: SearchQuery
  ) {
    const found = yield* people.bySubjects([...new Set(subjects)])
    const names = [...found].map(([subject, person]) => [subject, readable(person.name)] as const)
    return new Map(names.filter(([, name]) => matches(wordsOf(name), query)))
  })

  const candidates = Effect.fnUntraced(function* (
    { subject }: ConversationSearchQuery,
    query: SearchQuery,
    until: number | null
  ) {
    const own = yield* inbox.others(subject)
    const names = yield* namesThatMatch(
      own.map((row) => row.other_subject),
      query
    )
    const sought = ownMessages(sql, subject, null, query)
    const since = until === null ? null : new Date(until)
    const hits = yield* searching.run(bestHits(sql, sought, query, since))
    const best = new Map(hits.map((hit) => [hit.conversation_id, hit]))
    const all = own.flatMap((row) =>
      candidateOf(row, names.get(row.other_subject) ?? null, best.get(row.conversation_id) ?? null)
    )
    return { all, until: until ?? hits[0]?.newest.getTime() ?? null }
  })

  const shown = Effect.fnUntraced(function* (
    { subject }: ConversationSearchQuery,
    query: SearchQuery,
    page: ReadonlyArray<Candidate>
  ) {
    const ids = page.map(({ standing }) => standing.id)
    const best = page.flatMap((candidate) => candidate.best ?? [])
    const rows =
      best.length === 0 ? [] : yield* searching.run(hitsAt(sql, ownMessages(sql, subject, null, query), best))
    const messages = new Map(rows.map((row) => [row.conversation_id, hitOf(row, query)]))
    const entries = new Map((yield* inbox.these(subject, ids)).map((entry) => [entry.conversationId, entry]))
    return page.flatMap(({ name, standing: { id } }): ReadonlyArray<FoundConversation> => {
      const entry = entries.get(id)
      const message = messages.get(id) ?? null
      return entry === undefined
        ? []
        : [{ entry, name: name === null ? null : excerptOf(name, query), message }]
    })
  })

  return {
    /**
     * A page of a person's conversations, archived ones too: those with somebody whose name matches, newest activity
     * first, then those with messages that match, best first. What existed when the first page was asked for is neither
     * repeated nor left out, except that a conversation found by name which moves up meanwhile is found at the top.
     */
    page: Effect.fn("ConversationSearch.page")(function* (search: ConversationSearchQuery) {
      const { cursor, limit, subject, text, token } = search
      const query = yield* Effect.fromResult(searchQuery(text))
      const scope = String(Hash.string(text))
      const place = cursor === undefined ? null : yield* cursors.decode(subject, scope, cursor)
      yield* freshness.atLeast([searchProjection.name, inboxProjection.name, unreadProjection.name], token)
      if (!findsAnything(query)) return nothing
      const { all, until } = yield* candidates(search, query, place?.until ?? null)
      const rest = all
        .filter(({ standing }) => place === null || inOrder(standing, place.after) > 0)
        .sort((a, b) => inOrder(a.standing, b.standing))
      const page = rest.slice(0, limit)
      const last = rest.length > limit ? page.at(-1) : undefined
      return {
        found: yield* shown(search, query, page),
        next: last === undefined ? null : cursors.encode(subject, scope, { after: last.standing, until })
      }
    })
  }
})

/** Search for conversations. It keeps to those of whoever is named. */
export class ConversationSearch extends Context.Service<ConversationSearch, Effect.Success<typeof make>>()(
  "@indelible/projections/search/ConversationSearch"
) {
  static readonly layer = Layer.effect(this, make)
}
