import { type Cause, Schema } from "effect"
import { HttpApiError } from "effect/http-api"

/** A schema's complaint may quote what it complains of, and that may be a message: only where it is counts here. */
const tell = (error: unknown): string => {
  if (HttpApiError.HttpApiSchemaError.is(error)) return `an answer is not as documented (${error.kind})`
  if (Schema.isSchemaError(error)) return "something read or made here is not as its schema says"
  return error instanceof Error ? (error.stack ?? error.message) : "not an error"
}

/** What went wrong, for the log: each reason with its stack. */
export const tellCause = (cause: Cause.Cause<unknown>): string =>
  cause.reasons
    .map((reason) =>
      reason._tag === "Fail"
        ? tell(reason.error)
        : reason._tag === "Die"
          ? tell(reason.defect)
          : "interrupted"
    )
    .join("\n")
