import { randomUUID } from "node:crypto"
import { EventStore } from "@indelible/application/store/EventStore"
import { type StreamId, streamId } from "@indelible/application/store/StreamId"
import { sendText } from "@indelible/domain/conversation/SendText"
import { startConversation } from "@indelible/domain/conversation/StartConversation"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect } from "effect"

export interface BenchConversation {
  readonly stream: StreamId
  readonly business: SubjectId
  readonly worker: SubjectId
}

const meta = (actor: SubjectId) => ({
  actor,
  commandId: randomUUID(),
  correlationId: "bench",
  causationId: null,
  client: "bench"
})

const text = "See you at eight then, I will bring the keys and the papers for the second shift. 👍"

/** Both people of each conversation are among `people`, so that content keys are shared as in life. */
export const startConversations = Effect.fn(function* (count: number, people = 200) {
  const store = yield* EventStore
  const subjects = Array.from({ length: people }, () => SubjectId.make(randomUUID()))
  const someone = (i: number) => subjects[i % subjects.length] ?? SubjectId.make(randomUUID())
  return yield* Effect.forEach(
    Array.from({ length: count }, (_, i) => i),
    (i) => {
      const [business, worker] = [someone(i), someone(i * 7 + 1)]
      const stream = streamId("conversation", randomUUID())
      const command = { business, worker, applicationId: `application-${i}` }
      return Effect.as(store.execute(startConversation, stream, command, meta(business)), {
        stream,
        business,
        worker
      })
    },
    { concurrency: 64 }
  )
})

/** One text, both sides in turn. */
export const send = Effect.fnUntraced(function* (
  { business, stream, worker }: BenchConversation,
  turn: number
) {
  const store = yield* EventStore
  const by = turn % 2 === 0 ? business : worker
  return yield* store.execute(sendText, stream, { by, text, metadata: null }, meta(by))
})
