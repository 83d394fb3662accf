import { randomUUID } from "node:crypto"
import type { CommandMeta } from "@indelible/application/store/EventStore"
import { type StreamId, streamId } from "@indelible/application/store/StreamId"
import type { Aggregate } from "@indelible/domain/event/Aggregate"
import type { Decider } from "@indelible/domain/event/Decider"
import { defineEvent, type EventOf } from "@indelible/domain/event/EventDefinition"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { sliceOf } from "@indelible/infrastructure/envelope/SliceOf"
import { Result, Schema } from "effect"

// The smallest aggregate that shows every rule of the store: notes with content, a first note that makes two events, a
// lock that refuses and can be taken off again, a command that may be already so.

const NotebookOpened = defineEvent("NotebookOpened", {
  facts: Schema.Struct({ owner: SubjectId }),
  body: Schema.Null
})
const Noted = defineEvent("Noted", {
  facts: Schema.Struct({ count: Schema.Int }),
  body: Schema.Struct({ text: Schema.String })
})
const PageTurned = defineEvent("PageTurned", {
  facts: Schema.Struct({ page: Schema.Int }),
  body: Schema.Null
})
const NotebookLocked = defineEvent("NotebookLocked", { facts: Schema.Struct({}), body: Schema.Null })
const NotebookUnlocked = defineEvent("NotebookUnlocked", { facts: Schema.Struct({}), body: Schema.Null })

export type NotebookEvent =
  | EventOf<typeof NotebookOpened>
  | EventOf<typeof Noted>
  | EventOf<typeof PageTurned>
  | EventOf<typeof NotebookLocked>
  | EventOf<typeof NotebookUnlocked>

const NotebookState = Schema.Struct({
  owner: Schema.NullOr(SubjectId),
  count: Schema.Int,
  page: Schema.Int,
  locked: Schema.Boolean
})
export type NotebookState = typeof NotebookState.Type

export class Locked extends Schema.TaggedError<Locked>()("Locked", { count: Schema.Int }) {}

export const notebook: Aggregate<NotebookState, NotebookEvent> = {
  category: "notebook",
  events: { NotebookOpened, Noted, PageTurned, NotebookLocked, NotebookUnlocked },
  initial: { owner: null, count: 0, page: 1, locked: false },
  evolve: (state, event) => {
    switch (event.type) {
      case "NotebookOpened":
        return { ...state, owner: event.facts.owner }
      case "Noted":
        return { ...state, count: event.facts.count }
      case "PageTurned":
        return { ...state, page: event.facts.page }
      case "NotebookLocked":
        return { ...state, locked: true }
      case "NotebookUnlocked":
        return { ...state, locked: false }
    }
  },
  participants: ({ owner }) => (owner === null ? [] : [owner]),
  stored: { version: 1, codec: NotebookState, upcast: (_version, state) => state }
}

type NotebookDecider<Command> = Decider<NotebookState, Command, NotebookEvent, Locked>

/** Writes a note; the first one opens the notebook for its owner, so it makes two events. */
export const note: NotebookDecider<{ readonly owner: SubjectId; readonly text: string }> = {
  aggregate: notebook,
  decide: (state, { owner, text }) => {
    if (state.locked) return Result.fail(new Locked({ count: state.count }))
    const noted = { type: "Noted" as const, facts: { count: state.count + 1 }, body: { text } }
    return Result.succeed(
      state.owner === null
        ? [{ type: "NotebookOpened" as const, facts: { owner }, body: null }, noted]
        : [noted]
    )
  },
  repeats: ({ text }, stored) => {
    const noted = stored.find((event) => event.type === "Noted")
    return noted !== undefined && (noted.body === null || noted.body.text === text)
  }
}

/** Already so when the page is reached. */
export const turnTo: NotebookDecider<{ readonly page: number }> = {
  aggregate: notebook,
  decide: (state, { page }) =>
    Result.succeed(page <= state.page ? [] : [{ type: "PageTurned" as const, facts: { page }, body: null }]),
  repeats: ({ page }, stored) =>
    stored.some((event) => event.type === "PageTurned" && event.facts.page === page)
}

/** One event a page. */
export const turnPages: NotebookDecider<{ readonly pages: number }> = {
  aggregate: notebook,
  decide: ({ page }, { pages }) =>
    Result.succeed(
      Array.from({ length: pages }, (_, i) => ({
        type: "PageTurned" as const,
        facts: { page: page + i + 1 },
        body: null
      }))
    ),
  repeats: ({ pages }, stored) => stored.length === pages
}

export const lock: NotebookDecider<null> = {
  aggregate: notebook,
  decide: (state) =>
    Result.succeed(state.locked ? [] : [{ type: "NotebookLocked" as const, facts: {}, body: null }]),
  repeats: (_command, stored) => stored.some((event) => event.type === "NotebookLocked")
}

export const unlock: NotebookDecider<null> = {
  aggregate: notebook,
  decide: (state) =>
    Result.succeed(state.locked ? [{ type: "NotebookUnlocked" as const, facts: {}, body: null }] : []),
  repeats: (_command, stored) => stored.some((event) => event.type === "NotebookUnlocked")
}

/** Makes an event that does not fit its schema, which the types let pass as any value with more fields. */
export const faulty: NotebookDecider<
  "a fact too many" | "a field of content too many" | "content of another type"
> = {
  aggregate: notebook,
  decide: ({ count }, fault) => {
    const facts = { count: count + 1 }
    const body = { text: "secret" }
    switch (fault) {
      case "a fact too many":
        return Result.succeed([{ type: "Noted" as const, facts: { ...facts, name: "secret" }, body }])
      case "a field of content too many":
        return Result.succeed([{ type: "Noted" as const, facts, body: { ...body, name: "secret" } }])
      case "content of another type":
        return Result.succeed([
          { type: "Noted" as const, facts, body: Object.assign(body, { text: ["secret"] }) }
        ])
    }
  },
  repeats: () => true
}

export const owner = SubjectId.make("0190f1a0-0000-4000-8000-00000000000a")
export const freshStream = () => streamId("notebook", randomUUID())

/** A new stream whose events lie in this slice. */
export const streamIn = (slice: number, category: string = notebook.category): StreamId => {
  for (;;) {
    const stream = streamId(category, randomUUID())
    if (sliceOf(stream) === slice) return stream
  }
}

export const meta = (commandId: string = randomUUID(), actor: SubjectId = owner): CommandMeta => ({
  actor,
  commandId,
  correlationId: "test",
  causationId: null,
  client: "test"
})
