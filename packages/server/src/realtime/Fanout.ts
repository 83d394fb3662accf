import { CloseCode } from "@indelible/api/realtime/CloseCode"
import type { ServerFrame } from "@indelible/api/realtime/ServerFrame"
import { LiveBus } from "@indelible/application/live/LiveBus"
import { LiveDelivery } from "@indelible/application/live/LiveDelivery"
import { EventOpener } from "@indelible/application/store/EventOpener"
import { EventStore } from "@indelible/application/store/EventStore"
import type { StoredEvent } from "@indelible/application/store/StoredEvent"
import { type ConversationEvent, conversationEvents } from "@indelible/domain/conversation/ConversationEvent"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import type { ReadEvent } from "@indelible/domain/event/DomainEvent"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { reach } from "@indelible/infrastructure/faults/CrashPoint"
import { Deferred, Effect, Latch, Layer, Result, Schedule, Semaphore } from "effect"
import type { AwaitedFrame } from "./AwaitedFrame.ts"
import { conversationOf, type EventFrames, eventFrames } from "./EventFrames.ts"
import { HandedOut } from "./HandedOut.ts"
import { followLog } from "./LogTail.ts"
import { answering, type Session } from "./Session.ts"
import { Sessions } from "./Sessions.ts"
import { SliceOrder } from "./SliceOrder.ts"
import { Typing } from "./Typing.ts"
import { UnreadTotals } from "./UnreadTotals.ts"
import { UserIds } from "./UserIds.ts"

interface Arrival {
  readonly slice: number
  readonly slicePos: number
  readonly stored: StoredEvent
  /** undefined as long as nobody opened it. */
  readonly event: ConversationEvent | ReadEvent<ConversationEvent> | undefined
}

/** An event that someone here is to hear of. */
interface Awaited extends Arrival {
  readonly conversation: ConversationId
}

const arrival = (stored: StoredEvent, event?: Arrival["event"]): Arrival => ({
  slice: stored.slice,
  slicePos: stored.slicePos,
  stored,
  event
})

/** A frame for several sessions, written out when the first of them needs it. */
const written = (frame: ServerFrame) => {
  let text: string | undefined
  return () => {
    text ??= JSON.stringify(frame)
    return text
  }
}

/** What this event answers on this session. */
const awaitedOn = (session: Session, { header }: StoredEvent): AwaitedFrame | undefined =>
  session.awaited.find(
    ({ correlationId, event }) => correlationId === header.correlationId && event === header.type
  )

const make = Effect.gen(function* () {
  const sessions = yield* Sessions
  const handedOut = yield* HandedOut
  const totals = yield* UnreadTotals
  const store = yield* EventStore
  const opener = yield* EventOpener
  const userIds = yield* UserIds
  const typing = yield* Typing
  const bus = yield* LiveBus
  const arrived = Latch.makeUnsafe(false)
  const missing = Latch.makeUnsafe(false)
  // Two hand out, those who publish, here or elsewhere, and the tail; what one took goes out before the other takes more.
  const turn = yield* Semaphore.make(1)
  const begin = Effect.map(store.sliceHeads, (heads) => {
    for (const { after, slice } of heads) handedOut.move(slice, after)
    return new SliceOrder<Arrival>(heads)
  })
  let order = yield* begin

  const concerning = (all: ReadonlyArray<Arrival>): ReadonlyArray<Awaited> =>
    all.flatMap((each) => {
      const conversation = conversationOf(each.stored.streamId)
      const heard = each.stored.header.participants.some((subject) => sessions.of(subject).size > 0)
      return conversation === undefined || !heard ? [] : [{ ...each, conversation }]
    })

  /** Content for what the tail brought. What does not open goes out all the same, as something that happened. */
  const opened = Effect.fnUntraced(function* (all: ReadonlyArray<Awaited>) {
    const closed = all.filter(({ event }) => event === undefined).map(({ stored }) => stored)
    if (closed.length === 0) return all
    const contents = yield* opener.open(conversationEvents, closed)
    const byEvent = new Map(closed.map((stored, i) => [stored, contents[i]]))
    return all.map((each): Awaited => {
      const content = byEvent.get(each.stored)
      return content !== undefined && Result.isSuccess(content) ? { ...each, event: content.success } : each
    })
  })

  const deliver = (
    conversation: ConversationId,
    stored: StoredEvent,
    { asked, author, everyone, unread }: EventFrames
  ) => {
    const { actor, participants, streamPos, type } = stored.header
    const toAuthor = written(author)
    const toEveryone = written(everyone)
    const count = unread && written(unread.frame)
    for (const subject of participants) {
      for (const session of sessions.of(subject)) {
        const awaited = awaitedOn(session, stored)
        const along = unread?.subject === subject ? count?.() : undefined
        if (awaited !== undefined) {
          session.sendPlaced(conversation, { pos: streamPos, text: answering(awaited.id, asked), along })
          if (awaited.event === "TextSent") reach("send.after-ack")
          Deferred.doneUnsafe(awaited.arrived, Effect.void)
        } else {
          const text = subject === actor ? toAuthor() : toEveryone()
          session.sendPlaced(conversation, { pos: streamPos, text, along })
        }
      }
    }
    if (type === "TextSent" && actor !== "system") {
      for (const to of participants) if (to !== actor) typing.sent({ conversation, by: actor, to })
    }
    if (unread === undefined || sessions.of(unread.subject).size === 0) return
    totals.changed(unread.subject, { slice: stored.slice, slicePos: stored.slicePos })
  }

  /** Mostly they act over a session here, which says who they are; it ends a moment after they were erased. */
  const namedHere = (subject: SubjectId) => {
    for (const { principal } of sessions.of(subject)) return principal?.userId
    return undefined
  }

  const namesOf = Effect.fnUntraced(function* (subjects: ReadonlyArray<SubjectId>) {
    const here = new Map(subjects.map((subject) => [subject, namedHere(subject)]))
    const elsewhere = yield* userIds(subjects.filter((subject) => here.get(subject) === undefined))
    return (subject: SubjectId) => here.get(subject) ?? elsewhere(subject)
  })

  const goOut = Effect.fnUntraced(function* (all: ReadonlyArray<Arrival>) {
    const concerned = concerning(all)
    if (concerned.length === 0) return
    const readable = yield* opened(concerned)
    const userIdOf = yield* namesOf(
      readable.flatMap(({ stored: { header } }) => (header.actor === "system" ? [] : [header.actor]))
    )
    for (const { conversation, event, stored } of readable) {
      deliver(conversation, stored, eventFrames(conversation, stored, event, userIdOf))
    }
  })

  const handOut = (all: ReadonlyArray<Arrival>) =>
    Effect.andThen(
      goOut(all),
      Effect.sync(() => {
        for (const { slice, slicePos } of all) handedOut.move(slice, slicePos)
      })
    )

  /** What was taken is handed out whatever it takes: while names or keys cannot be had, all that follows waits. */
  const handOutReady = turn.withPermit(
    Effect.suspend(() => {
      const ready = order.take()
      if (ready.length === 0) return Effect.void
      const once = Effect.catchDefect(handOut(ready), (cause) =>
        // Rather one page lost to these sockets, who see the gap by its positions, than all that comes after it.
        Effect.logError("frames could not be handed out", cause)
      )
      return Effect.catch(once, (error) =>
        Effect.logWarning("frames wait for names and keys", error).pipe(
          Effect.andThen(Effect.orDie(Effect.retry(once, Schedule.spaced("500 millis"))))
        )
      )
    })
  )

  /** What was published, here or on another node, goes out as soon as it is its turn. */
  const take = (published: ReadonlyArray<Arrival>) => {
    for (const each of published) order.offer(each)
    arrived.openUnsafe()
  }

  const hurry = Effect.sync(() => {
    if (order.hasGap) missing.openUnsafe()
  })

  /** The log is not the one these sockets know, as after a restored backup: they have to begin anew, and so do we. */
  const beginAnew = Effect.gen(function* () {
    for (const session of sessions.open) session.end(CloseCode.draining, "the log was replaced")
    order = yield* begin
  })

  yield* arrived.await.pipe(
    Effect.andThen(arrived.close),
    Effect.andThen(handOutReady),
    Effect.andThen(hurry),
    Effect.forever,
    Effect.forkScoped
  )
  yield* bus.subscribe((message) => {
    if (message._tag === "EventsAppended") take(message.events.map((stored) => arrival(stored)))
  })
  yield* followLog({
    cursors: (slices) => order.cursors(slices),
    missing,
    gaps: () => order.gaps,
    accept: (events) =>
      Effect.suspend(() => {
        for (const stored of events) order.offer(arrival(stored))
        return Effect.andThen(handOutReady, hurry)
      })
  }).pipe(
    Effect.catchTag("LogCorrupted", (error) =>
      Effect.andThen(
        Effect.logError("the log does not go on where it stood", error),
        Effect.retry(beginAnew, Schedule.spaced("1 second"))
      )
    ),
    Effect.catchDefect((cause) =>
      Effect.andThen(Effect.logError("the log could not be followed", cause), Effect.sleep("1 second"))
    ),
    Effect.forever,
    Effect.forkScoped
  )

  return LiveDelivery.of({
    publish: (_stream, _participants, events) =>
      Effect.suspend(() => {
        take(events.map(({ event, stored }) => arrival(stored, event)))
        return bus.publish({ _tag: "EventsAppended", events: events.map(({ stored }) => stored) })
      })
  })
})

/**
 * `LiveDelivery` to the sockets of this node, and by the bus to those of the others. What is published, here or there, and
 * what the tail of the log brings meet in the order of the log: what follows what was handed out goes out at once, a later
 * one waits for the tail, none goes out twice.
 */
export const layer = Layer.effect(LiveDelivery, make)
