import type { PersonName } from "./People.ts"

export interface Line {
  readonly by: "business" | "worker"
  readonly text: string
}

/** What the two say to each other at one time. */
export interface Sitting {
  /** Of its first line: days before now and the time of that day in UTC, or minutes before now. */
  readonly when: { readonly daysAgo: number; readonly time: string } | { readonly minutesAgo: number }
  readonly lines: ReadonlyArray<Line>
}

export interface Talk {
  /** Of its application, and of all ids that are made from it: never changes. */
  readonly key: string
  readonly business: PersonName
  readonly worker: PersonName
  readonly sittings: ReadonlyArray<Sitting>
  /** What became of the last lines at the other's: with "delivered" and "sent" they are unread. */
  readonly ends: "read" | "delivered" | "sent"
  readonly archivedBy?: "business" | "worker"
}

export const b = (text: string): Line => ({ by: "business", text })
export const w = (text: string): Line => ({ by: "worker", text })

export const on = (daysAgo: number, time: string, ...lines: ReadonlyArray<Line>): Sitting => ({
  when: { daysAgo, time },
  lines
})

export const lately = (minutesAgo: number, ...lines: ReadonlyArray<Line>): Sitting => ({
  when: { minutesAgo },
  lines
})
