import type { LogReading } from "@indelible/application/store/EventLog"
import { Effect } from "effect"
import * as SliceReader from "./SliceReader.ts"
import * as StreamReader from "./StreamReader.ts"

/** Everything of the port that only reads; on the pool for reading, never on the lanes' connections. */
export const make = Effect.gen(function* () {
  const reading: LogReading = { ...(yield* SliceReader.make), ...(yield* StreamReader.make) }
  return reading
})
