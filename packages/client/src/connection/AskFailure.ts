import { Data } from "effect"
import { ClientError } from "../ClientError.ts"

/** The service answered that it will not. */
export class Refused extends Data.TaggedError("Refused")<{
  readonly code: string
  readonly detail: string
  readonly retryAfterMs: number | null
}> {}

/** The connection is gone, or there was none. Whether what was sent on it arrived is not known. */
export class LineLost extends Data.TaggedError("LineLost")<{
  /** As in `CloseCode`; 1006 when the line just broke; 0 when there was none. */
  readonly code: number
  readonly reason: string
}> {}

/** The line stands, and no answer came. */
export class NoAnswer extends Data.TaggedError("NoAnswer")<{ readonly asked: string }> {}

export type AskFailure = Refused | LineLost | NoAnswer

export const noLine = new LineLost({ code: 0, reason: "not connected" })

export const asClientError = (failure: AskFailure): ClientError => {
  switch (failure._tag) {
    case "Refused":
      return new ClientError(failure.code, failure.detail, { retryAfterMs: failure.retryAfterMs })
    case "LineLost":
      return new ClientError("offline", `there is no connection to the service: ${failure.reason}`)
    case "NoAnswer":
      return new ClientError("timed_out", `the service did not answer ${failure.asked} in time`)
  }
}
