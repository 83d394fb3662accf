import type { Principal } from "@indelible/application/identity/Principal"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect } from "effect"
import type { ConnectionMeasures } from "../metrics/ConnectionMeasures.ts"
import { ConnectionLimit, type Linked, ownerOf } from "./ConnectionLimit.ts"
import type { ConnectionSettings } from "./ConnectionSettings.ts"

interface Registered<P extends Principal> extends Linked {
  principal: P | undefined
}

/**
 * What is open of one interface on this node, and whose it is.
 *
 * @param left told of each that was somebody's until now
 */
export const makeRegistry = Effect.fnUntraced(function* <P extends Principal, C extends Registered<P>>(
  { maxConnectionsPerUser }: Pick<ConnectionSettings, "maxConnectionsPerUser">,
  measures: ConnectionMeasures,
  left: (each: C) => void = () => {}
) {
  const limit = yield* ConnectionLimit
  const nobody: ReadonlySet<C> = new Set()
  const open = new Set<C>()
  const byOwner = new Map<string, Set<C>>()

  /** It is nobody's any more. Whether it was somebody's until now. */
  const leave = (each: C): boolean => {
    const { principal } = each
    if (principal === undefined) return false
    const theirs = byOwner.get(ownerOf(principal))
    if (theirs === undefined || !theirs.delete(each)) return false
    if (theirs.size === 0) byOwner.delete(ownerOf(principal))
    limit.leave(each, principal)
    left(each)
    return true
  }

  return {
    /** Everything that is not closed yet, also what is without an owner or on its way out. */
    open: open as ReadonlySet<C>,
    /** What concerns this person goes to these. */
    of: (subject: SubjectId): ReadonlySet<C> => byOwner.get(subject) ?? nobody,
    enter: (each: C): void => {
      open.add(each)
      measures.open(open.size)
    },
    /** Gives it its person or program; false when they have as many connections as one may have. */
    join: (each: C, principal: P): boolean => {
      if (!limit.admits(each, principal, maxConnectionsPerUser)) return false
      const owner = ownerOf(principal)
      each.principal = principal
      byOwner.set(owner, (byOwner.get(owner) ?? new Set()).add(each))
      limit.enter(each, principal, maxConnectionsPerUser)
      return true
    },
    leave,
    /** It is closed. */
    exit: (each: C, code: number | "protocol-error"): void => {
      leave(each)
      open.delete(each)
      measures.open(open.size)
      measures.closed(each.endedBy ?? code)
    }
  }
})
