import type { SubjectId } from "@indelible/domain/subject/SubjectId"

/** Whose content of which quarter a key is for: `<subject>/<year>-Q<1 to 4>` at `at` (epoch milliseconds), UTC. */
export const contentKeyPeriod = (subject: SubjectId | "system", at: number): string => {
  const date = new Date(at)
  return `${subject}/${date.getUTCFullYear()}-Q${Math.floor(date.getUTCMonth() / 3) + 1}`
}

/** Random bytes in a key's id. */
export const contentKeyNonceLength = 8

/**
 * The id of one key of a period: `<subject>/<year>-Q<1 to 4>/<16 hex digits>`. Random, because headers keep it for
 * ever: were a key that the vault lost made anew under the same id, old and new content would claim one key, and the
 * lost one could never come back from a backup.
 */
export const contentKeyId = (period: string, nonce: Uint8Array): string =>
  `${period}/${Array.from(nonce, (byte) => byte.toString(16).padStart(2, "0")).join("")}`

/** The period that a key of this id is for. */
export const periodOf = (keyId: string): string => keyId.slice(0, keyId.lastIndexOf("/"))
