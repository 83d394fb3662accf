import type { RequestRecord } from "./RequestRecord.ts"

/** Statuses of refusals that show intent, when it is known whose. */
const deliberate: ReadonlySet<number> = new Set([403, 404, 405, 409, 410])

/** Whether an answer is worth a line in the log; the rest is noise unless someone looks for it. */
export const worthTelling = (status: number, { who }: RequestRecord): boolean =>
  status >= 500 || (who !== null && deliberate.has(status))
