import { randomUUID } from "node:crypto"
import { assert, it } from "@effect/vitest"
import type { LiveMessage } from "@indelible/application/live/LiveMessage"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Context, Effect, type Layer } from "effect"
import { appended, type Bus, eventsIn, inboxOf, storedEvent, until } from "./BusMessages.ts"

/** Three nodes of one installation. */
export class Members extends Context.Service<Members, readonly [Bus, Bus, Bus]>()(
  "@indelible/test/contract/Members"
) {}

const connectedMembers = Effect.gen(function* () {
  const members = yield* Members
  for (const { connected } of members) yield* until(connected)
  return members
})

/** What every bus between nodes must do. */
export const liveBusContract = (adapter: string, layer: Layer.Layer<Members, unknown>) =>
  it.layer(layer, { excludeTestServices: true, timeout: "1 minute" })(`LiveBus on ${adapter}`, (it) => {
    it.effect("hands what one publishes to the others as it was, once, and not to itself", () =>
      Effect.gen(function* () {
        const [one, two, three] = yield* connectedMembers
        const [own, second, third] = yield* Effect.all([inboxOf(one), inboxOf(two), inboxOf(three)])
        const messages = Array.from({ length: 256 }, (_, slice) =>
          appended(
            storedEvent(slice, 2 ** 40 + slice, "message"),
            storedEvent(slice, 2 ** 40 + slice + 1, "mark")
          )
        )
        for (const message of messages) yield* one.publish(message)
        // One of each lane, so that all before them have come: from another, also what comes back to the first.
        yield* until(Effect.sync(() => second.length >= 256 && third.length >= 256))
        for (let slice = 0; slice < 256; slice++) yield* two.publish(appended(storedEvent(slice, 1, "mark")))
        yield* until(Effect.sync(() => own.length >= 256 && third.length >= 512))
        assert.sameDeepMembers(eventsIn(second), eventsIn(messages))
        assert.sameDeepMembers(eventsIn(third.slice(0, 256)), eventsIn(messages))
        assert.deepStrictEqual(
          eventsIn(own).map(({ slicePos }) => slicePos),
          own.map(() => 1)
        )
      })
    )

    it.effect("hands over who came or went and who types, of one person and conversation in order", () =>
      Effect.gen(function* () {
        const [one, two] = yield* connectedMembers
        const inbox = yield* inboxOf(two)
        const [by, to] = [SubjectId.make(randomUUID()), SubjectId.make(randomUUID())]
        const conversation = ConversationId.make("0190f1a0-0000-8000-8000-00000000000c")
        const typing = { _tag: "TypingTold", conversation, by, to } as const
        const messages: ReadonlyArray<LiveMessage> = [
          { ...typing, expiresIn: 3_000 },
          { ...typing, expiresIn: 0 },
          { _tag: "PresenceTouched", subjects: [by, to] }
        ]
        for (const message of messages) yield* one.publish(message)
        yield* until(Effect.sync(() => inbox.length === 3))
        const told = (all: ReadonlyArray<LiveMessage>) => all.filter(({ _tag }) => _tag === "TypingTold")
        assert.deepStrictEqual(told(inbox), told(messages))
        assert.sameDeepMembers(inbox, [...messages])
      })
    )

    it.effect("keeps up with bursts of all at once, each slice in its order", () =>
      Effect.gen(function* () {
        const members = yield* connectedMembers
        const inboxes = yield* Effect.forEach(members, inboxOf)
        yield* Effect.forEach(
          members,
          ({ publish }, member) =>
            Effect.forEach(Array.from({ length: 300 }), (_, i) =>
              publish(appended(storedEvent(member, i + 1, "message")))
            ),
          { concurrency: "unbounded", discard: true }
        )
        for (const inbox of inboxes) yield* until(Effect.sync(() => inbox.length >= 600))
        for (const [member, inbox] of inboxes.entries()) {
          for (const other of [0, 1, 2]) {
            const positions = eventsIn(inbox).flatMap(({ slice, slicePos }) =>
              slice === other ? [slicePos] : []
            )
            const expected = other === member ? [] : Array.from({ length: 300 }, (_, i) => i + 1)
            assert.deepStrictEqual(positions, expected)
          }
        }
      })
    )

    it.effect("goes on for others when a listener throws, and ends with a listener's scope", () =>
      Effect.gen(function* () {
        const [one, two] = yield* connectedMembers
        const gone = yield* Effect.scoped(inboxOf(two))
        yield* two.subscribe(() => {
          throw new Error("a defect")
        })
        const inbox = yield* inboxOf(two)
        yield* one.publish(appended(storedEvent(7, 1, "mark")))
        yield* one.publish(appended(storedEvent(7, 2, "mark")))
        yield* until(Effect.sync(() => inbox.length === 2))
        assert.deepStrictEqual(gone, [])
      })
    )
  })
