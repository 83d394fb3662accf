/** The invariants of a run, in the order in which they are told. */
export const invariants = {
  I1: "durable",
  I2: "honest",
  I3: "order",
  I4: "no duplicates",
  I5: "delivered",
  I6: "receipts",
  I7: "projections",
  I8: "losable parts"
} as const

export type Invariant = keyof typeof invariants

/** A broken promise. */
export interface Violation {
  readonly invariant: Invariant
  /** In a word or two, the same for all of its kind. */
  readonly kind: string
  readonly detail: string
}
