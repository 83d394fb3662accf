import type { LimitStanding } from "@indelible/application/limits/RateLimits"
import type { RateRule } from "@indelible/application/limits/RateRules"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"

/** One member's place in a window. A member that is kept gets another, so that whoever added it no longer holds it. */
interface Place {
  readonly at: number
}

interface Person {
  /** Oldest first. */
  readonly members: Map<string, Place>
  newest: number
}

/** What people did lately under one rule. `now` is in milliseconds of a clock that nobody sets. */
export class SlidingWindow {
  readonly #rule: RateRule
  /** In the order of their newest members, so that the idle are found first. */
  readonly #people = new Map<SubjectId, Person>()

  constructor(rule: RateRule) {
    this.#rule = rule
  }

  /** How many people it remembers. */
  get people(): number {
    return this.#people.size
  }

  /** Adds a member if there is room; undefined when there is none. `place` is null when it was there already. */
  take(subject: SubjectId, member: string, now: number): { readonly place: Place | null } | undefined {
    const members = this.#membersOf(subject, now)
    if (members?.has(member)) return { place: null }
    if ((members?.size ?? 0) >= this.#rule.most) return undefined
    return { place: this.#add(subject, member, now) }
  }

  keep(subject: SubjectId, member: string, now: number): void {
    this.#membersOf(subject, now)?.delete(member)
    this.#add(subject, member, now)
  }

  giveBack(subject: SubjectId, member: string, place: Place): void {
    const members = this.#people.get(subject)?.members
    if (members?.get(member) !== place) return
    members.delete(member)
    if (members.size === 0) this.#people.delete(subject)
  }

  standing(subject: SubjectId, now: number): Pick<LimitStanding, "remaining" | "moreInMs"> {
    const members = this.#membersOf(subject, now)
    const { most, window } = this.#rule
    const count = members?.size ?? 0
    // Above the limit, as when a member was missing that is kept: so many leave before there is room.
    let ahead = Math.max(0, count - most)
    for (const { at } of members?.values() ?? []) {
      if (ahead === 0) return { remaining: Math.max(0, most - count), moreInMs: window - (now - at) }
      ahead -= 1
    }
    return { remaining: most, moreInMs: null }
  }

  #add(subject: SubjectId, member: string, now: number): Place {
    const place = { at: now }
    const members = this.#people.get(subject)?.members ?? new Map<string, Place>()
    members.set(member, place)
    this.#people.delete(subject)
    this.#people.set(subject, { members, newest: now })
    return place
  }

  /** A person's members that are still in the window; undefined when there are none. */
  #membersOf(subject: SubjectId, now: number): Map<string, Place> | undefined {
    const end = now - this.#rule.window
    for (const [idle, { newest }] of this.#people) {
      if (newest > end) break
      this.#people.delete(idle)
    }
    const members = this.#people.get(subject)?.members
    for (const [member, { at }] of members ?? []) {
      if (at > end) break
      members?.delete(member)
    }
    return members
  }
}
