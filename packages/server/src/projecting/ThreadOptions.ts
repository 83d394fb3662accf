import { type LogLevel, Schema } from "effect"
import type { Settings } from "../settings/Settings.ts"

/** What the projector's thread is told: it does not share the memory of the one that starts it. */
export interface ThreadOptions {
  readonly databaseUrl: string
  readonly dataDir: string
  /** Null: it is a file in `dataDir`. */
  readonly masterKey: string | null
  readonly nodeName: string
  readonly logLevel: LogLevel.LogLevel
  /** Somebody looks on. */
  readonly isTerminal: boolean
}

/** What it is told while it works. */
export const ThreadRequest = Schema.Union([
  /** Somebody waits for this projection to hold what it does not yet of these slices. */
  Schema.TaggedStruct("Asked", { name: Schema.String, slices: Schema.Array(Schema.Int) }),
  Schema.TaggedStruct("Stop", {})
])
export type ThreadRequest = typeof ThreadRequest.Type

/** The part of the settings that a node's parts have in common, whatever their thread. */
export type NodeSettings = Pick<Settings, "dataDir" | "logLevel" | "masterKey" | "nodeName">
