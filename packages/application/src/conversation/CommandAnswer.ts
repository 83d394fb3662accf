import type { ConversationEvent, Tally } from "@indelible/domain/conversation/ConversationEvent"
import type { Executed, RecordedEvent } from "../store/EventStore.ts"
import type { PositionToken } from "../store/PositionToken.ts"
import { tagOf } from "../store/StoredEvent.ts"

/** The newest event that a command wrote. */
export interface Recorded {
  readonly pos: number
  readonly tag: string
  /** ISO 8601 UTC with milliseconds. */
  readonly recordedAt: string
  /** Where the conversation stood right after it. */
  readonly tally: Tally
}

export interface CommandAnswer {
  /** null: it was already so, and nothing was written. */
  readonly recorded: Recorded | null
  /** True when an earlier copy of this command wrote it. */
  readonly repeat: boolean
  readonly token: PositionToken
}

const recordedOf = ({ event, stored }: RecordedEvent<ConversationEvent>): Recorded => ({
  pos: stored.header.streamPos,
  tag: tagOf(stored),
  recordedAt: stored.header.recordedAt,
  tally: event.facts.tally
})

export const commandAnswer = ({ events, repeat, token }: Executed<ConversationEvent>): CommandAnswer => {
  const newest = events.at(-1)
  return { recorded: newest === undefined ? null : recordedOf(newest), repeat, token }
}
