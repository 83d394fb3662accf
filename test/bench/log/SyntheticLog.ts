import { randomBytes, randomUUID } from "node:crypto"
import { PgClient, PgTypes } from "@effect/sql-pg"
import { KeyVault } from "@indelible/application/keys/KeyVault"
import { EventOpener } from "@indelible/application/store/EventOpener"
import { type StreamId, streamId } from "@indelible/application/store/StreamId"
import { archive } from "@indelible/domain/conversation/Archive"
import type { Conversation } from "@indelible/domain/conversation/Conversation"
import type { ConversationEvent } from "@indelible/domain/conversation/ConversationEvent"
import { markDelivered } from "@indelible/domain/conversation/MarkDelivered"
import { markRead } from "@indelible/domain/conversation/MarkRead"
import { sendText } from "@indelible/domain/conversation/SendText"
import { startConversation } from "@indelible/domain/conversation/StartConversation"
import type { Decider } from "@indelible/domain/event/Decider"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import type { SealedEvent } from "@indelible/infrastructure/envelope/SealEvent"
import { sliceCount, sliceOf } from "@indelible/infrastructure/envelope/SliceOf"
import { sealingKey } from "@indelible/infrastructure/eventstore/SealingKey"
import { beforeTheFirst, type StreamPosition } from "@indelible/infrastructure/eventstore/StreamPosition"
import { submit } from "@indelible/infrastructure/eventstore/Submission"
import { Effect, Result } from "effect"

const { OID } = PgTypes
const array = (values: ReadonlyArray<unknown>, type: number) => Result.getOrThrow(PgTypes.array(values, type))

interface Talk {
  readonly stream: StreamId
  readonly slice: number
  readonly people: readonly [SubjectId, SubjectId]
  position: StreamPosition
}

interface Written extends SealedEvent {
  readonly slice: number
  readonly slicePos: number
}

const sentences = [
  "See you at eight then, I will bring the keys and the papers for the second shift. 👍",
  "Thanks!",
  "Could you tell me whether the position in Zürich is still open, and when it would begin?",
  "今天天气很好，我们下午见面吧",
  "I have attached my references; the last employer can be reached on weekdays before noon."
]

const insert = Effect.fn("SyntheticLog.insert")(function* (events: ReadonlyArray<Written>) {
  const sql = yield* PgClient.PgClient
  const column = (of: (event: Written) => unknown, type: number) => array(events.map(of), type)
  yield* sql`
    INSERT INTO event (slice, slice_pos, stream_id, stream_pos, type, schema_version, header, body, recorded_at,
      command_key, ordinal, header_hash)
    SELECT * FROM unnest(
      ${column(({ slice }) => slice, OID.int2)},
      ${column(({ slicePos }) => BigInt(slicePos), OID.int8)},
      ${column(({ header }) => header.streamId, OID.text)},
      ${column(({ header }) => BigInt(header.streamPos), OID.int8)},
      ${column(({ header }) => header.type, OID.text)},
      ${column(({ header }) => header.schemaVersion, OID.int4)},
      ${column(({ headerBytes }) => headerBytes, OID.bytea)},
      ${column(({ body }) => body, OID.bytea)},
      ${column(({ header }) => new Date(header.recordedAt), OID.timestamptz)},
      ${column(({ header }) => header.commandKey, OID.text)},
      ${column(({ header }) => header.ordinal, OID.int2)},
      ${column(({ headerHash }) => headerHash, OID.bytea)})`
})

export interface SyntheticLogOptions {
  readonly events: number
  /** Events of a conversation on average; 50. */
  readonly perConversation?: number
  readonly onProgress?: (events: number) => void
}

const conversationId = () => {
  const hex = randomBytes(16).toString("hex")
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
}

/**
 * Fills an empty log with conversations that were really decided and really sealed, only not by the append function: of
 * ten things that happen seven are messages, two are receipts and one is the other side catching up on everything.
 * Conversations take turns, as in life, and a few are archived.
 */
export const fillLog = Effect.fn("SyntheticLog.fillLog")(function* ({
  events: wanted,
  onProgress,
  perConversation = 50
}: SyntheticLogOptions) {
  const vault = yield* KeyVault
  const opener = yield* EventOpener
  const subjects = Array.from({ length: 2_000 }, () => SubjectId.make(randomUUID()))
  const someone = (i: number) => subjects[i % subjects.length] ?? SubjectId.make(randomUUID())
  const talks: ReadonlyArray<Talk> = Array.from({ length: Math.ceil(wanted / perConversation) }, (_, i) => {
    const stream = streamId("conversation", conversationId())
    const people = [someone(i), someone(i * 7 + 1)] as const
    return { stream, slice: sliceOf(stream), people, position: beforeTheFirst }
  })
  const heads = new Array<number>(sliceCount).fill(0)
  let now = Date.UTC(2026, 0, 1)
  let batch: Array<Written> = []
  let written = 0

  const happen = Effect.fnUntraced(function* <Command>(
    talk: Talk,
    by: SubjectId,
    decider: Decider<Conversation, Command, ConversationEvent, unknown>,
    command: Command
  ) {
    const meta = {
      actor: by,
      commandId: randomUUID(),
      correlationId: randomUUID(),
      causationId: null,
      client: "rest"
    }
    const key = yield* sealingKey(vault, by, now)
    const submission = submit(decider, talk.stream, command, meta, key, { node: "bench", opener }, () => {})
    const decided = submission.decideOn(talk.position, now, () => randomBytes(12))
    if (decided._tag !== "Events") return
    talk.position = decided.next
    for (const sealed of decided.sealed) {
      const slicePos = (heads[talk.slice] ?? 0) + 1
      heads[talk.slice] = slicePos
      batch.push({ ...sealed, slice: talk.slice, slicePos })
    }
  })

  for (let turn = 0; written + batch.length < wanted; turn++) {
    const talk = talks[turn % talks.length]
    if (talk === undefined) return yield* Effect.die(new Error("no conversation"))
    const [business, worker] = talk.people
    const round = Math.floor(turn / talks.length)
    const by = (turn * 31 + round * 17) % 5 < 2 ? business : worker
    now += 50
    if (round === 0) {
      const applicationId = `application-${turn}`
      yield* happen(talk, business, startConversation, { business, worker, applicationId })
    } else if (round % 10 === 8) yield* happen(talk, by, markDelivered, { by, upTo: "head" })
    else if (round % 10 === 9) yield* happen(talk, by, markRead, { by, upTo: "head" })
    else if (round % 40 === 37 && turn % 20 === 0) yield* happen(talk, by, archive, { by, basedOn: null })
    else
      yield* happen(talk, by, sendText, {
        by,
        text: sentences[turn % sentences.length] ?? "",
        metadata: null
      })
    if (batch.length >= 2_000) {
      const full = batch
      batch = []
      yield* insert(full)
      written += full.length
      onProgress?.(written)
    }
  }
  yield* insert(batch)
  onProgress?.(written + batch.length)
  const sql = yield* PgClient.PgClient
  yield* sql`VACUUM (ANALYZE) event`
  return { events: written + batch.length, conversations: talks.length }
})
