import type { CommandOrigin } from "@indelible/application/conversation/CommandOrigin"
import { Effect } from "effect"
import { RequestRecord } from "./RequestRecord.ts"

/** Where the request's commands come from, for the record. */
export const origin = Effect.map(
  RequestRecord,
  ({ client, correlationId }): CommandOrigin => ({ correlationId, causationId: null, client })
)
