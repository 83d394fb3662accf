import { Schema } from "effect"

/** Part of a text round what was searched for: text, never markup. */
export const ExcerptView = Schema.Struct({
  parts: Schema.Array(
    Schema.Struct({
      text: Schema.String,
      hit: Schema.Boolean.annotate({ description: "Whether it is what was searched for." })
    })
  ).annotate({ description: "Together at most 160 visible characters. Text, to be escaped: no markup." }),
  cutBefore: Schema.Boolean.annotate({ description: "Text before it was left out." }),
  cutAfter: Schema.Boolean
}).annotate({ identifier: "Excerpt" })
export type ExcerptView = typeof ExcerptView.Type
