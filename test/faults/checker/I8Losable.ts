import type { Story } from "./Story.ts"
import type { Violation } from "./Violation.ts"

/**
 * While a part is away that may be lost, every send is answered `ok`: nobody waits for such a part, or fails because of
 * it. That nothing acknowledged is lost or late with it, the other invariants say.
 */
export const losable = ({ outages, sends }: Story): ReadonlyArray<Violation> => {
  const away = outages.filter(({ kind }) => kind === "losable")
  const down = outages.filter(({ kind }) => kind !== "losable")
  return sends.attempts.flatMap(({ began, ended, gaveUp = ended, key, outcome, process, stream }) => {
    const outage = away.find(({ from, to }) => began >= from && began <= to)
    if (outage === undefined || outcome._tag === "Ok") return []
    if (down.some(({ from, to }) => gaveUp >= from && began <= to)) return []
    const detail = `${process} ${stream} ${key}: ${outcome.error} while ${outage.name} was away`
    return [{ invariant: "I8", kind: "noticed", detail }]
  })
}
