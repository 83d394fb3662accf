import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Context, type Effect } from "effect"
import type { LimitName, RateRule } from "./RateRules.ts"

/** How a person stands with one limit. */
export interface LimitStanding {
  readonly limit: LimitName
  readonly rule: RateRule
  /** How many more there is room for. */
  readonly remaining: number
  /** Milliseconds until there is room for more than that; null while nothing is counted. */
  readonly moreInMs: number | null
}

/** There is room, and the member is counted. */
export interface Admitted<E = never> {
  readonly _tag: "Admitted"
  readonly standing: LimitStanding
  /** Whether this call added the member; otherwise it was counted already. */
  readonly added: boolean
  /** What was done counts: the member is added if it is missing, and no `giveBack` of another call removes it. */
  readonly keep: Effect.Effect<void, E>
  /** It came to nothing: removes the member if this call added it and no other kept it. Answers the new standing. */
  readonly giveBack: Effect.Effect<LimitStanding, E>
}

/** There is no room, and nothing was counted. */
export interface Refused {
  readonly _tag: "Refused"
  readonly standing: LimitStanding
}

/** Windows that may fail to answer with `E`; the port's own do not. */
export interface RateWindows<E = never> {
  /**
   * Asks for room among what `subject` did. `member` names what it is for: a repeat of a command names the same, and
   * what is never repeated has a random name. An admission ends with `keep` or `giveBack`; without either, the member
   * stays for a window.
   */
  readonly take: (
    limit: LimitName,
    subject: SubjectId,
    member: string
  ) => Effect.Effect<Admitted<E> | Refused, E>
}

/**
 * What each person did lately, counted over all interfaces, and over all nodes as long as they can agree.
 *
 * - **Sliding**: in no span as long as the window are there more than `most` members, however they are spread.
 * - **By name**: a member counts once, however many calls take it, and while it is there they need no room.
 * - **Exact under races**: calls at the same time together add no more than there is room for.
 * - **Given back by whoever added it**, and nobody else; and not once another call has kept it.
 * - **Never off, never in the way**: where nodes cannot agree within 300 ms, each goes by what it saw itself. A person
 *   who is on n nodes may then do n times as much.
 * - **Bounded**: whoever did nothing for a window costs nothing.
 */
export class RateLimits extends Context.Service<RateLimits, RateWindows>()(
  "@indelible/application/limits/RateLimits"
) {}
