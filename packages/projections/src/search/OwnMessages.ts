import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import type { SqlClient } from "effect/sql"
import type { SearchQuery } from "./SearchQuery.ts"
import { tsqueryText } from "./TsText.ts"

/**
 * What a search finds among one person's messages, as a condition on `search.message`. Whoever calls, and whatever they
 * say: it holds for no message of a conversation that the person is not in.
 *
 * @param conversation this one alone; all of the person's, if null
 */
export const ownMessages = (
  sql: SqlClient.SqlClient,
  subject: SubjectId,
  conversation: ConversationId | null,
  query: SearchQuery
) => {
  const keys = conversation === null ? [subject] : [subject, conversation]
  // The first two are what the index answers: see `createIndexes`. The others follow from them, unless an id of one kind
  // is some day an id of another.
  return sql`
    ARRAY[conversation_id, sender, recipient] @> ${keys}::uuid[]
    AND words @@ ${tsqueryText(query)}::tsquery
    AND (sender = ${subject}::uuid OR recipient = ${subject}::uuid)
    AND ${conversation === null ? sql`true` : sql`conversation_id = ${conversation}::uuid`}`
}
