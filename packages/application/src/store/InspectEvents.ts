import { conversation } from "@indelible/domain/conversation/Conversation"
import { readEvent, versionToday } from "@indelible/domain/event/EventCatalogue"
import { Context, Effect, Layer, Result } from "effect"
import type { EventHeader } from "./EventHeader.ts"
import { EventLog } from "./EventLog.ts"
import type { StoredEvent } from "./StoredEvent.ts"
import type { StreamId } from "./StreamId.ts"

/** An event as engineers see it: everything that is stored in the clear, and of its content the size alone. */
export interface InspectedEvent {
  readonly slice: number
  readonly slicePos: number
  readonly streamId: StreamId
  readonly streamPos: number
  readonly recordedAt: string
  readonly type: string
  /** The version it was written in. */
  readonly schemaVersion: number
  /** The version of its type that this program writes, in which `facts` are; null when it cannot read the event. */
  readonly readAs: number | null
  /** Why it cannot: a newer program wrote it, or it is damaged. `facts` are then as they were written. */
  readonly unreadable: "unknown" | "malformed" | null
  readonly actor: EventHeader["actor"]
  readonly facts: unknown
  /** Bytes stored, and the key they are under; null for an event without content. */
  readonly content: { readonly bytes: number; readonly keyId: string } | null
  readonly node: string
  readonly client: string
  readonly correlationId: string
}

export interface InspectedPage {
  readonly events: ReadonlyArray<InspectedEvent>
  /** Position of the last one, to go on after; null when there is no more. */
  readonly next: number | null
}

/** What this program makes of an event: its facts as it reads them today, and in which version that is. */
const readToday = ({ header, streamId }: StoredEvent) => {
  const { facts, schemaVersion, type } = header
  if (!streamId.startsWith(`${conversation.category}-`)) {
    return { facts, readAs: null, unreadable: "unknown" } as const
  }
  // Without its body, as if the key was destroyed: upcasters must do without it, and nobody here is to see it.
  return Result.match(readEvent(conversation.events, type, schemaVersion, facts, null), {
    onFailure: ({ reason }) => ({ facts, readAs: null, unreadable: reason }) as const,
    onSuccess: (event) =>
      ({ facts: event.facts, readAs: versionToday(conversation.events, type), unreadable: null }) as const
  })
}

const inspect = (stored: StoredEvent): InspectedEvent => {
  const { body, header, slice, slicePos, streamId } = stored
  const { actor, client, correlationId, keyId, node, recordedAt, schemaVersion, streamPos, type } = header
  return {
    ...{ slice, slicePos, streamId, streamPos, recordedAt, type, schemaVersion, actor },
    ...readToday(stored),
    content: body === null || keyId === null ? null : { bytes: body.byteLength, keyId },
    ...{ node, client, correlationId }
  }
}

/** The record as engineers may read it. Opens no content, and needs no key. */
export class InspectEvents extends Context.Service<InspectEvents>()(
  "@indelible/application/store/InspectEvents",
  {
    make: Effect.gen(function* () {
      const log = yield* EventLog

      // One more than asked for tells whether there is more.
      const page = (
        events: ReadonlyArray<StoredEvent>,
        limit: number,
        posOf: (event: StoredEvent) => number
      ) => {
        const shown = events.slice(0, limit)
        const last = shown.at(-1)
        return {
          events: shown.map(inspect),
          next: last === undefined || events.length <= limit ? null : posOf(last)
        } satisfies InspectedPage
      }

      return {
        /** Events of a stream after a position in it. An unknown stream has none. */
        ofStream: Effect.fn("InspectEvents.ofStream")(function* (
          stream: StreamId,
          after: number,
          limit: number
        ) {
          return page(
            yield* log.readStream(stream, after, limit + 1),
            limit,
            ({ header }) => header.streamPos
          )
        }),

        /** Events of a slice after a position in the slice; none beyond its end. */
        ofSlice: Effect.fn("InspectEvents.ofSlice")(function* (slice: number, after: number, limit: number) {
          const head = (yield* log.sliceHeads).find((cursor) => cursor.slice === slice)?.after ?? 0
          // To a reader a cursor beyond the end is damage; to somebody who looks around it is the end.
          const events = after < head ? yield* log.readSlices([{ slice, after }], limit + 1) : []
          return page(events, limit, ({ slicePos }) => slicePos)
        })
      }
    })
  }
) {
  static readonly layer = Layer.effect(this, this.make)
}
