import type { LimitStanding } from "@indelible/application/limits/RateLimits"
import type { RateRule } from "@indelible/application/limits/RateRules"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"

interface Person {
  /** When each came, which is its place: oldest first. */
  readonly members: Map<string, number>
  readonly newest: number
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
  take(subject: SubjectId, member: string, now: number): { readonly place: number | null } | undefined {
    const members = this.#membersOf(subject, now)
    if (members?.has(member)) return { place: null }
    if ((members?.size ?? 0) >= this.#rule.most) return undefined
    return { place: this.#add(subject, member, now) }
  }

  /** Adds a member whatever room there is, or gives it a new place: whoever added it no longer holds it. */
  keep(subject: SubjectId, member: string, now: number): void {
    const members = this.#membersOf(subject, now)
    const place = members?.get(member)
    members?.delete(member)
    this.#add(subject, member, place === undefined ? now : Math.max(now, place + 0.001))
  }

  /** Removes a member, if it is still at this place. */
  giveBack(subject: SubjectId, member: string, place: number): void {
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
    for (const at of members?.values() ?? []) {
      if (ahead === 0) return { remaining: Math.max(0, most - count), moreInMs: window - (now - at) }
      ahead -= 1
    }
    return { remaining: most, moreInMs: null }
  }

  #add(subject: SubjectId, member: string, place: number): number {
    const members = this.#people.get(subject)?.members ?? new Map<string, number>()
    members.set(member, place)
    this.#people.delete(subject)
    this.#people.set(subject, { members, newest: place })
    return place
  }

  /** A person's members that are still in the window; undefined when there are none. */
  #membersOf(subject: SubjectId, now: number): Map<string, number> | undefined {
    const end = now - this.#rule.window
    for (const [idle, { newest }] of this.#people) {
      if (newest > end) break
      this.#people.delete(idle)
    }
    const members = this.#people.get(subject)?.members
    for (const [member, at] of members ?? []) {
      if (at > end) break
      members?.delete(member)
    }
    return members
  }
}
