import type { PgClient } from "@effect/sql-pg"
import { EventLog } from "@indelible/application/store/EventLog"
import { Layer } from "effect"
import * as LogReader from "./LogReader.ts"

/** The log on Postgres for those who only read it; on the pool it is given. */
export const layer: Layer.Layer<EventLog, never, PgClient.PgClient> = Layer.effect(EventLog, LogReader.make)
