import { PgClient } from "@effect/sql-pg"
import { projections } from "@indelible/projections/projections"
import { Effect } from "effect"
import type { Crowd } from "../clients/Crowd.ts"
import type { Device } from "../clients/Device.ts"
import { now } from "../history/Recorder.ts"

/** Milliseconds after which whatever is still missing counts as missing. */
const patience = 20_000
/** Nothing happened for so long. */
const stillFor = 400
const names = projections.map(({ name }) => name)

/** The newest position of each conversation. */
const heads = Effect.fnUntraced(function* (conversations: ReadonlyArray<string>) {
  const sql = yield* PgClient.PgClient
  const rows = yield* sql<{ conv: string; pos: number }>`
    SELECT substr(stream_id, 14) AS conv, stream_pos::int AS pos
    FROM stream
    WHERE stream_id = ANY(${conversations.map((conv) => `conversation-${conv}`)}::text[])`
  return new Map(rows.map(({ conv, pos }) => [conv, pos]))
})

/** Whether every read model reaches the end of the log. */
const areFolded = Effect.gen(function* () {
  const sql = yield* PgClient.PgClient
  const [row] = yield* sql<{ behind: number }>`
    SELECT count(*)::int AS behind
    FROM projection_checkpoint AS checkpoint
    JOIN (SELECT slice, max(slice_pos) AS head FROM event GROUP BY slice) AS log USING (slice)
    WHERE projection = ANY(${names}::text[]) AND slice_pos < head`
  return row?.behind === 0
})

/**
 * Waits until nothing more is under way: every device is connected and has everything, every read model is folded, and
 * nothing is written any more. Gives up after 20 s.
 *
 * @returns what was still under way then
 */
export const untilQuiet = Effect.fn("Quiet.untilQuiet")(function* ({ devices, talks }: Crowd, slack: number) {
  const conversations = talks.map(({ conv }) => conv)
  const begun = now()
  let stillSince = now()
  let written = 0
  for (;;) {
    const reached = yield* heads(conversations)
    const sum = [...reached.values()].reduce((total, pos) => total + pos, 0)
    if (sum !== written) {
      written = sum
      stillSince = now()
    }
    const isBehind = ({ threads }: Device) =>
      [...threads].some(([conv, { pos }]) => pos < (reached.get(conv) ?? 0))
    const underWay = [
      ...devices.flatMap((device) => {
        if (!device.isConnected) return [`${device.name} is not connected in the end`]
        return isBehind(device) ? [`${device.name} does not have everything in the end`] : []
      }),
      ...(now() - stillSince < stillFor ? ["something is still written in the end"] : []),
      ...((yield* areFolded) ? [] : ["read models are not folded in the end"])
    ]
    if (underWay.length === 0 || now() - begun > slack * patience) return underWay
    yield* Effect.sleep("50 millis")
  }
})
