import { Schema } from "effect"

/** What whoever changes a conversation had seen of it; without it, it is as the conversation stands now. */
export const BasedOn = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1)).annotate({
  description: "The `pos` that whoever asks had seen: a request that comes too late then undoes nothing."
})
