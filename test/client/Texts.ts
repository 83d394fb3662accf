import type { Timeline } from "@indelible/client"

/** What stands in a timeline, in its order. */
export const textsOf = ({ entries }: Timeline): ReadonlyArray<string | null> =>
  entries.flatMap((entry) => (entry.kind === "message" ? [entry.text] : []))

export const statesOf = ({ entries }: Timeline): ReadonlyArray<string | null> =>
  entries.flatMap((entry) => (entry.kind === "message" ? [entry.state] : []))

/** Numbers of messages, which have to be 1, 2, 3 and so on. */
export const numbersOf = ({ entries }: Timeline): ReadonlyArray<number | null> =>
  entries.flatMap((entry) => (entry.kind === "message" ? [entry.seq] : []))
