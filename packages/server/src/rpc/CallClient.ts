import type { RequestRecord } from "../answers/RequestRecord.ts"
import type { CallId } from "./Envelope.ts"

/** Whose calls are worked on, and where their answers go. Ids of calls are its own: no other's are reached by them. */
export interface CallClient {
  readonly id: number
  readonly inFlight: Map<CallId, InFlight>
  /** How many of them are streams. */
  streams: number
  readonly write: (text: string) => void
  /** A call is answered for good, or refused; not said of streams. */
  readonly answered: () => void
}

export interface InFlight {
  readonly client: CallClient
  readonly id: CallId
  /** What it is called further in, where all clients meet. */
  readonly request: number
  readonly record: RequestRecord
  readonly streams: boolean
  /** A part of a stream was sent whose receipt the client has not confirmed. */
  owed: boolean
}
