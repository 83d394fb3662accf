import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Context } from "effect"

/** What is known of the request that a fiber works for: for its answer, the log, and the record. */
export interface RequestRecord {
  /** A UUID: the client's own, when it sent one; otherwise ours. Stored with every event that comes of it. */
  readonly correlationId: string
  /** The interface that it came by, as the record names it. */
  readonly client: string
  /** Who asks, once known: a pseudonym, never a platform id. */
  who: SubjectId | "service" | null
  /** The code of the problem that it is answered with. */
  problem: string | null
}

export const RequestRecord = Context.Reference<RequestRecord>("@indelible/server/answers/RequestRecord", {
  defaultValue: () => ({ correlationId: "none", client: "none", who: null, problem: null })
})
