import { Schema } from "effect"

// As in draft-ietf-httpapi-ratelimit-headers, from its version 8 on: lists of structured fields (RFC 9651), one item for
// each limit, named like the limit. Times are whole seconds, rounded up so that nobody comes too early.

const seconds = (millis: number) => Math.max(1, Math.ceil(millis / 1_000))

/** So many of this in any span of so many milliseconds, for each person. */
export interface Policy {
  readonly limit: string
  readonly most: number
  readonly window: number
}

/** How a person stands with it: room for so many, and milliseconds until there is more; null while none is taken. */
export interface Room {
  readonly limit: string
  readonly remaining: number
  readonly moreInMs: number | null
}

export const policyField = ({ limit, most, window }: Policy): string =>
  `"${limit}";q=${most};w=${seconds(window)}`

export const roomField = ({ limit, moreInMs, remaining }: Room): string =>
  `"${limit}";r=${remaining}${moreInMs === null ? "" : `;t=${seconds(moreInMs)}`}`

export const retryAfterField = (millis: number): string => String(seconds(millis))

const policy = Schema.String.annotate({
  description:
    'The limit by its name, such as `"messages";q=100;w=3600`: so many (`q`) in so many seconds (`w`).'
})
const room = Schema.String.annotate({
  description:
    'How one stands with it, such as `"messages";r=42;t=95`: so many more (`r`), and seconds until there is room for yet another (`t`).'
})

/** On the answers of what is limited, whatever became of it; absent where the limit was not asked. */
export const limitAnswer = {
  "ratelimit-policy": Schema.optionalKey(policy),
  ratelimit: Schema.optionalKey(room)
}

/** On an answer that there is no room. */
export const limitedAnswer = {
  "ratelimit-policy": policy,
  ratelimit: room,
  "retry-after": Schema.String.annotate({ description: "Seconds until there is room." })
}
