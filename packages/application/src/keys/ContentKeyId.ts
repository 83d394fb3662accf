import type { SubjectId } from "@indelible/domain/subject/SubjectId"

/** The id of the key for content that `subject` writes at `at` (epoch milliseconds): `<subject>/<year>-Q<1 to 4>`, UTC. */
export const contentKeyId = (subject: SubjectId | "system", at: number): string => {
  const date = new Date(at)
  return `${subject}/${date.getUTCFullYear()}-Q${Math.floor(date.getUTCMonth() / 3) + 1}`
}
