import { randomBytes, randomUUID } from "node:crypto"
import type { LiveBus } from "@indelible/application/live/LiveBus"
import type { EventsAppended, LiveMessage } from "@indelible/application/live/LiveMessage"
import type { StoredEvent } from "@indelible/application/store/StoredEvent"
import { StreamId } from "@indelible/application/store/StreamId"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { sealEvent } from "@indelible/infrastructure/envelope/SealEvent"
import { Effect } from "effect"

export type Bus = LiveBus["Service"]

const ada = SubjectId.make(randomUUID())
export const secretText = "nobody reads this on the wire"

/** An event as the log has it: a message with content, or a mark without. */
export const storedEvent = (slice: number, slicePos: number, kind: "message" | "mark"): StoredEvent => {
  const streamId = StreamId.make(`conversation-${randomUUID()}`)
  const isMessage = kind === "message"
  const sealed = sealEvent(
    {
      streamId,
      streamPos: 1,
      type: isMessage ? "MessageSent" : "MessagesRead",
      schemaVersion: 1,
      recordedAt: "2026-11-26T09:00:00.000Z",
      actor: ada,
      participants: [ada],
      correlationId: "test",
      causationId: null,
      node: "test",
      client: "test",
      commandKey: `${ada}/${randomUUID()}`,
      ordinal: 0,
      facts: { seq: slicePos, note: "Žofie 🙂" },
      body: isMessage ? { text: secretText } : null
    },
    isMessage ? { keyId: "key", bytes: randomBytes(32) } : null,
    randomBytes(12)
  )
  return { ...sealed, slice, slicePos, streamId }
}

export const appended = (...events: ReadonlyArray<StoredEvent>): EventsAppended => ({
  _tag: "EventsAppended",
  events
})

/** Everything that a member gets from now on. */
export const inboxOf = Effect.fnUntraced(function* ({ subscribe }: Bus) {
  const inbox: Array<LiveMessage> = []
  yield* subscribe((message) => inbox.push(message))
  return inbox
})

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex")

/** Events as values that can be compared, whatever kind of array their bytes are in. */
export const eventsIn = (messages: ReadonlyArray<LiveMessage>) =>
  messages.flatMap((message) =>
    message._tag !== "EventsAppended"
      ? []
      : message.events.map(({ body, headerBytes, headerHash, ...rest }) => ({
          ...rest,
          headerBytes: hex(headerBytes),
          headerHash: hex(headerHash),
          body: body && hex(body)
        }))
  )

export const until = (holds: Effect.Effect<boolean>) =>
  Effect.timeout(Effect.repeat(Effect.delay(holds, "5 millis"), { while: (yes) => !yes }), "10 seconds")
