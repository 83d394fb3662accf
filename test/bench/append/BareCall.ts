import { randomUUID } from "node:crypto"
import type { StoredEvent } from "@indelible/application/store/StoredEvent"
import { streamId } from "@indelible/application/store/StreamId"
import { sliceOf } from "@indelible/infrastructure/envelope/SliceOf"
import {
  appendParameters,
  appendStatement,
  readVerdicts
} from "@indelible/infrastructure/postgres/log/AppendCall"
import type { LogConnection } from "@indelible/infrastructure/postgres/log/LogConnection"
import { Effect } from "effect"

/** Calls the append function with `size` ready-made commands, each on a stream of its own: no deciding, no encrypting. */
export const bareAppend = (connection: LogConnection, sample: StoredEvent, state: unknown, size: number) => {
  const streams = Array.from({ length: Math.max(size, 200) }, () => {
    const stream = streamId("conversation", randomUUID())
    return { stream, slice: sliceOf(stream), pos: 0 }
  })
  let turn = 0
  return Effect.suspend(() => {
    const requests = Array.from({ length: size }, () => {
      const at = streams[turn++ % streams.length] ?? { stream: sample.streamId, slice: sample.slice, pos: 0 }
      const commandKey = randomUUID()
      const header = { ...sample.header, streamId: at.stream, streamPos: at.pos + 1, commandKey, ordinal: 0 }
      return {
        stream: at.stream,
        slice: at.slice,
        expected: at.pos++,
        next: { pos: at.pos, recordedAt: header.recordedAt, state, stateVersion: 1 },
        commandKeys: [commandKey],
        events: [{ ...sample, header }],
        joining: []
      }
    })
    return Effect.map(
      connection.call(appendStatement, appendParameters(requests, 0), "10 seconds"),
      (rows) => {
        const bad = readVerdicts(requests, rows).find(({ verdict }) => verdict._tag !== "Ok")
        if (bad !== undefined) throw new Error(`the bare append was answered ${bad.verdict._tag}`)
      }
    )
  })
}
