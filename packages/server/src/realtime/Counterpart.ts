import type { SubjectId } from "@indelible/domain/subject/SubjectId"

/** The other person of a conversation, as those know them who joined it. */
export interface Counterpart {
  readonly subject: SubjectId
  /** The platform's id; null: erased. */
  readonly userId: string | null
}
