import { Schema } from "effect"

/** Events a second at most. A column of the database holds it. */
export const Rate = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2_147_483_647 }))

/** How fast what is going on may go from now on. */
export const NewRate = Schema.NullOr(Rate).annotate({
  description: "Events a second at most; null: without a limit."
})

export const MaxRate = Schema.NullOr(Rate).annotate({
  description: "Events a second at most; null or none: as fast as it goes while nobody writes."
})

export const KeepHours = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 8_760 })).annotate({
  description: "Hours for which the tables that it replaces are kept for a roll-back; 24 unless given."
})
