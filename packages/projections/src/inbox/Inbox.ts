import type { RateLimited } from "@indelible/application/limits/RateLimited"
import type { PositionToken } from "@indelible/application/store/PositionToken"
import { ConversationStatus, Side } from "@indelible/domain/conversation/ConversationEvent"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Array, Context, Effect, Layer, Option, Schema } from "effect"
import { SqlClient, SqlSchema, type Statement } from "effect/sql"
import { type BadCursor, cursorsOf } from "../engine/Cursor.ts"
import { Freshness, type NotYetFresh } from "../engine/Freshness.ts"
import { type ReadModelUnavailable, readingTables } from "../engine/ReadModelUnavailable.ts"
import { unreadProjection } from "../unread/UnreadProjection.ts"
import { inboxProjection } from "./InboxProjection.ts"

/** `archived` are all that are not active, whoever or whatever archived them. */
export type InboxView = "active" | "archived"

export const inboxPageLimit = { usual: 50, most: 100 }

const Row = Schema.Struct({
  conversation_id: ConversationId,
  side: Side,
  other_subject: SubjectId,
  status: ConversationStatus,
  pos: Schema.Int,
  tag: Schema.String,
  last_activity_at: Schema.Date,
  message_count: Schema.Int,
  last_message_pos: Schema.NullOr(Schema.Int),
  last_message_side: Schema.NullOr(Side),
  last_message_preview: Schema.NullOr(Schema.String),
  unread: Schema.Int
})

/** Who the other person of a conversation is. */
const OtherRow = Schema.Struct({
  conversation_id: ConversationId,
  other_subject: SubjectId,
  last_activity_at: Schema.Date
})

export type InboxOther = typeof OtherRow.Type

/** A conversation in the list of one of its two people, whose side this is. */
export interface InboxEntry {
  readonly conversationId: ConversationId
  readonly side: Side
  readonly other: SubjectId
  readonly status: ConversationStatus
  /** The newest event that this reflects; a client may resume from here. */
  readonly pos: number
  readonly tag: string
  /** ISO 8601 UTC: of the newest message, or of the start while there is none. */
  readonly lastActivityAt: string
  readonly messageCount: number
  readonly unread: number
  readonly lastMessage: {
    readonly pos: number
    readonly side: Side
    /** Null when the message is no longer retained. */
    readonly preview: string | null
    readonly sentAt: string
  } | null
}

const entryOf = (row: typeof Row.Type): InboxEntry => {
  const lastActivityAt = row.last_activity_at.toISOString()
  return {
    conversationId: row.conversation_id,
    side: row.side,
    other: row.other_subject,
    status: row.status,
    pos: row.pos,
    tag: row.tag,
    lastActivityAt,
    messageCount: row.message_count,
    unread: row.unread,
    lastMessage:
      row.last_message_pos === null || row.last_message_side === null
        ? null
        : {
            pos: row.last_message_pos,
            side: row.last_message_side,
            preview: row.last_message_preview,
            sentAt: lastActivityAt
          }
  }
}

/** After this entry the next page begins; milliseconds, as finely as the log tells time. */
const cursors = cursorsOf("inbox", Schema.Struct({ at: Schema.Int, id: ConversationId }))

export interface InboxQuery {
  readonly subject: SubjectId
  readonly view: InboxView
  /** 1 to 100. */
  readonly limit: number
  /** `next` of the page before. */
  readonly cursor?: string | undefined
  readonly token?: PositionToken | undefined
}

export interface InboxPage {
  readonly entries: ReadonlyArray<InboxEntry>
  /** Cursor of the next page; null on the last one. */
  readonly next: string | null
}

/** `RateLimited` by `LimitedInbox`, above which everyone stands who asks for a person. */
export type InboxListError = BadCursor | NotYetFresh | ReadModelUnavailable | RateLimited

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const freshness = yield* Freshness
  // The list and the badge come from two projections, which must both have got there.
  const fresh = (token: PositionToken | undefined) =>
    freshness.atLeast([inboxProjection.name, unreadProjection.name], token)

  /** Unread counts are joined to the rows that are shown, never to all that there are. */
  const withUnread = (rows: Statement.Fragment) => sql`
    SELECT entry.*, coalesce(unread.unread, 0) AS unread
    FROM (${rows}) AS entry
    LEFT JOIN unread.conversation AS unread USING (subject_id, conversation_id)
    ORDER BY last_activity_at DESC, conversation_id DESC`

  const selectPage = SqlSchema.findAll({
    Request: Schema.Struct({
      subject: SubjectId,
      view: Schema.Literals(["active", "archived"]),
      limit: Schema.Int,
      after: Schema.NullOr(Schema.Struct({ at: Schema.Int, id: ConversationId }))
    }),
    Result: Row,
    execute: ({ after, limit, subject, view }) =>
      withUnread(sql`
        SELECT *
        FROM inbox.conversation
        WHERE subject_id = ${subject}
          AND ${view === "active" ? sql`status = 'ACTIVE'` : sql`status <> 'ACTIVE'`}
          AND ${
            after === null
              ? sql`true`
              : sql`(last_activity_at, conversation_id) < (${new Date(after.at)}, ${after.id}::uuid)`
          }
        ORDER BY last_activity_at DESC, conversation_id DESC
        LIMIT ${limit}`)
  })

  const selectThese = SqlSchema.findAll({
    Request: Schema.Struct({ subject: SubjectId, conversations: Schema.Array(ConversationId) }),
    Result: Row,
    execute: ({ conversations, subject }) =>
      withUnread(sql`
        SELECT *
        FROM inbox.conversation
        WHERE subject_id = ${subject} AND conversation_id = ANY(${conversations}::uuid[])`)
  })

  const selectOthers = SqlSchema.findAll({
    Request: SubjectId,
    Result: OtherRow,
    execute: (subject) => sql`
      SELECT conversation_id, other_subject, last_activity_at
      FROM inbox.conversation
      WHERE subject_id = ${subject}`
  })

  const countAll = SqlSchema.findAll({
    Request: Schema.Array(SubjectId),
    Result: Schema.Struct({ subject_id: SubjectId, conversations: Schema.Int }),
    execute: (subjects) => sql`
      SELECT subject_id, count(*)::int AS conversations
      FROM inbox.conversation
      WHERE subject_id = ANY(${subjects}::uuid[])
      GROUP BY subject_id`
  })

  return {
    /**
     * A page of a person's conversations, newest activity first. What existed when the first page was asked for is
     * neither repeated nor left out by activity in the meantime, except that a conversation which moves up while pages
     * are turned is found at the top.
     */
    list: Effect.fn("Inbox.list")(function* ({
      cursor,
      limit,
      subject,
      token,
      view
    }: InboxQuery): Effect.fn.Return<InboxPage, InboxListError> {
      const after = cursor === undefined ? null : yield* cursors.decode(subject, view, cursor)
      yield* fresh(token)
      const rows = yield* readingTables(selectPage({ subject, view, limit: limit + 1, after }))
      const entries = rows.slice(0, limit).map(entryOf)
      const last = entries.at(-1)
      const next =
        last === undefined || rows.length <= limit
          ? null
          : cursors.encode(subject, view, { at: Date.parse(last.lastActivityAt), id: last.conversationId })
      return { entries, next }
    }),
    /** One of a person's conversations; none that is not theirs. */
    one: Effect.fn("Inbox.one")(function* (
      subject: SubjectId,
      conversation: ConversationId,
      token?: PositionToken
    ) {
      yield* fresh(token)
      const rows = yield* readingTables(selectThese({ subject, conversations: [conversation] }))
      return Option.map(Array.head(rows), entryOf)
    }),
    /** Those of a person's conversations that are among these, newest activity first. */
    these: Effect.fn("Inbox.these")(function* (
      subject: SubjectId,
      conversations: ReadonlyArray<ConversationId>
    ) {
      return (yield* readingTables(selectThese({ subject, conversations }))).map(entryOf)
    }),
    /** Whom a person has conversations with, archived ones too, in no order. */
    others: Effect.fn("Inbox.others")(function* (subject: SubjectId) {
      return yield* readingTables(selectOthers(subject))
    }),
    /** How many conversations each of these people has, archived ones too; who has none is missing. */
    counts: Effect.fn("Inbox.counts")(function* (subjects: ReadonlyArray<SubjectId>) {
      const rows = yield* readingTables(countAll(subjects))
      return new Map(rows.map(({ conversations, subject_id }) => [subject_id, conversations]))
    })
  }
})

/** The list of conversations. Who may ask is decided before: this answers for whichever person is named. */
export class Inbox extends Context.Service<Inbox, Effect.Success<typeof make>>()(
  "@indelible/projections/inbox/Inbox"
) {
  static readonly layer = Layer.effect(this, make)
}
