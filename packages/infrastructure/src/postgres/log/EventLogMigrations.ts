import { appendFunction } from "./AppendFunction.ts"
import { eventTables } from "./EventTables.ts"

/** The event log: its tables, and the one way to append, in the form that this program has it. */
export const eventLogMigrations = {
  "0001_event_store": eventTables,
  "0002_append_function": {
    // Replaced in one step: a call of another node finds the old one or the new one, and grants stay.
    createOrReplace: appendFunction.replace(/^\s*CREATE FUNCTION/, "CREATE OR REPLACE FUNCTION")
  }
} as const
