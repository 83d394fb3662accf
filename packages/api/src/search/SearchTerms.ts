import { Schema } from "effect"

export const SearchWords = Schema.String.annotate({
  description:
    'At most 200 characters and 32 words. All words must be there, each as the beginning of a word from three letters on; `"words in quotes"` stand together; `-word` excludes; `OR` between two words asks for either. Case and accents make no difference, and everything else means itself.'
})

export const SearchOrder = Schema.Literals(["newest", "rank"]).annotate({
  description: "`newest`, unless told; `rank`: of the newest 1,000 hits those first that answer best."
})
