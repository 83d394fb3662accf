import type { CommandMeta } from "../store/EventStore.ts"

/** Where a request came from, for the record: every event it brings about carries it. */
export type CommandOrigin = Pick<CommandMeta, "correlationId" | "causationId" | "client">
