import type { PgClient } from "@effect/sql-pg"
import type { EventLog } from "@indelible/application/store/EventLog"
import type { Effect } from "effect"
import type { SqlClient } from "effect/sql"
import { burst } from "./phases/Burst.ts"
import { closedLoop } from "./phases/ClosedLoop.ts"
import { connections } from "./phases/Connections.ts"
import { openLoop } from "./phases/OpenLoop.ts"
import { storm } from "./phases/Storm.ts"
import type { Report } from "./Report.ts"
import type { Scale } from "./Scale.ts"
import type { Stage } from "./Stage.ts"

export interface Phase {
  readonly name: string
  readonly run: (
    stage: Stage
  ) => Effect.Effect<Report, unknown, EventLog | PgClient.PgClient | SqlClient.SqlClient>
  readonly people: (scale: Scale) => number
  /** How many of them have conversations. */
  readonly conversing: (scale: Scale) => number
}

const nobody = () => 0
const talkers = ({ open }: Scale) => 2 * open.conversations

/** In the order of a full run: memory first, while the service has not done much else. */
export const phases: ReadonlyArray<Phase> = [
  {
    name: "connections",
    run: connections,
    people: (scale) => Math.max(...scale.connections),
    conversing: nobody
  },
  { name: "open", run: openLoop, people: talkers, conversing: talkers },
  { name: "closed", run: closedLoop, people: talkers, conversing: talkers },
  { name: "burst", run: burst, people: talkers, conversing: talkers },
  {
    name: "storm",
    run: storm,
    people: ({ storm }) => storm.sockets,
    conversing: ({ storm }) => storm.sockets
  }
]
