import { CloseCode } from "@indelible/api/realtime/CloseCode"
import type { Principal } from "@indelible/application/identity/Principal"
import { type Link, Presence } from "@indelible/application/live/Presence"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Context, Effect, FiberSet, Layer } from "effect"
import type { Attended } from "./Attended.ts"

/** A connection, or what is shown over one. */
export interface Linked extends Attended {
  /** What its person has one more of by it. */
  readonly link: Link
}

/** Whose something is: programs have no pseudonym. */
export const ownerOf = ({ subject, userId }: Principal): string => subject ?? `service ${userId}`

/**
 * Counts the connections of both interfaces together: those of a person over all nodes, those of a program on each. The
 * newest is the one too many.
 */
export class ConnectionLimit extends Context.Service<ConnectionLimit>()(
  "@indelible/server/realtime/ConnectionLimit",
  {
    make: Effect.gen(function* () {
      const presence = yield* Presence
      const run = yield* FiberSet.makeRuntime()
      /** How many are on this node. */
      const here = new Map<string, number>()

      const change = (principal: Principal, { link }: Linked, by: 1 | -1) => {
        if (link === "device") return
        const owner = ownerOf(principal)
        const count = (here.get(owner) ?? 0) + by
        if (count > 0) here.set(owner, count)
        else here.delete(owner)
      }

      /** Nobody waits for other nodes to be let in: a connection too many is closed when they are heard. */
      const arrive = (each: Linked, subject: SubjectId, most: number) =>
        Effect.map(presence.arrive(subject, each.link), (connections) => {
          if (each.link !== "device" && connections > most) {
            each.end(CloseCode.tooManySockets, "too many connections of this person")
          }
        })

      return {
        /** Whether their connections on this node leave room for this one. */
        admits: (each: Linked, principal: Principal, most: number): boolean =>
          each.link === "device" || (here.get(ownerOf(principal)) ?? 0) < most,
        /** It is theirs from here on; ended when it turns out that there are more than `most` on all nodes. */
        enter: (each: Linked, principal: Principal, most: number): void => {
          change(principal, each, 1)
          if (principal.subject !== null) run(arrive(each, principal.subject, most))
        },
        /** Once for each that entered. */
        leave: (each: Linked, principal: Principal): void => {
          change(principal, each, -1)
          if (principal.subject !== null) run(presence.depart(principal.subject, each.link))
        }
      }
    })
  }
) {
  static readonly layer = Layer.effect(this, this.make)
}
