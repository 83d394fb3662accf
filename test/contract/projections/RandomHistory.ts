import { EventStore } from "@indelible/application/store/EventStore"
import { streamId } from "@indelible/application/store/StreamId"
import { conversation } from "@indelible/domain/conversation/Conversation"
import { conversationEvents, type Metadata, Side } from "@indelible/domain/conversation/ConversationEvent"
import { readEvent } from "@indelible/domain/event/EventCatalogue"
import { Clock, Effect, Result, Schema } from "effect"
import { freshStream, meta, note } from "../Notebook.ts"
import { stoppedAt } from "./StoppedClock.ts"
import * as Talk from "./Talk.ts"

const texts = [
  "hello",
  "",
  "<b>bold</b><script>alert(1)</script>",
  "<script>only()</script>",
  "👨‍👩‍👧‍👦🇨🇭".repeat(70),
  "\u202eevil\u202c שלום\u0007 and 天气",
  'a < b, "quoted", {braces}, back\\slash, NULL, tab\tand\nnewline'
]

const acts = [
  "say",
  "say again",
  "say once more",
  "receive",
  "read",
  "putAway",
  "putAwayByItself",
  "takeOut",
  "elsewhere"
] as const

const below = (end: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: end - 1 }))

const Step = Schema.Struct({
  conversation: below(4),
  side: Side,
  act: below(acts.length),
  text: below(texts.length),
  metadata: below(3),
  /** How many messages before the newest a mark reaches; one more for everything there is. */
  back: below(5),
  hours: Schema.Literals([0, 1, 24 * 40])
})

export const RandomHistory = Schema.Array(Step).check(Schema.isMinLength(30), Schema.isMaxLength(100))
export type RandomHistory = typeof RandomHistory.Type

/** Everything that can happen, once. */
export const everything: RandomHistory = acts.map((_, act) => ({
  conversation: 0,
  side: act % 2 === 0 ? "business" : "worker",
  act,
  text: 0,
  metadata: 1,
  back: 0,
  hours: 1
}))

const labels: ReadonlyArray<Metadata | undefined> = [undefined, { z: 1, a: "x", "10": null }, {}]

/** Three people and four conversations among them, so that one person has several. */
export const pairs = (run: string): ReadonlyArray<Talk.Pair> => {
  const [ada, ben, cleo] = [`ada ${run}`, `ben ${run}`, `cleo ${run}`].map(Talk.person)
  if (ada === undefined || ben === undefined || cleo === undefined) throw new Error("three people")
  return [
    Talk.pair(`0 ${run}`, ada, ben),
    Talk.pair(`1 ${run}`, ada, cleo),
    Talk.pair(`2 ${run}`, cleo, ben),
    Talk.pair(`3 ${run}`, ada, ben)
  ]
}

/** The mark of a message some way before the newest one. */
const markOf = Effect.fnUntraced(function* ({ id }: Talk.Pair, back: number) {
  const store = yield* EventStore
  const stored = yield* store.readStream(streamId(conversation.category, id), 0, 1_000)
  const tallies = stored.flatMap(({ header: { facts, schemaVersion, type } }) => {
    const event = Result.getOrThrow(readEvent(conversationEvents, type, schemaVersion, facts, null))
    return event.type === "TextSent" ? [event.facts.tally] : []
  })
  const tally = tallies.at(-back)
  return back === 0 || tally === undefined ? "head" : { seq: tally.seq, sent: tally.sent }
})

const happen = Effect.fnUntraced(function* (step: RandomHistory[number], pair: Talk.Pair) {
  yield* Talk.start(pair)
  switch (acts[step.act]) {
    case "receive":
      yield* Talk.receive(pair, step.side, yield* markOf(pair, step.back))
      break
    case "read":
      yield* Talk.read(pair, step.side, yield* markOf(pair, step.back))
      break
    case "putAway":
      yield* Talk.putAway(pair, step.side)
      break
    case "putAwayByItself":
      yield* Talk.putAwayByItself(pair)
      break
    case "takeOut":
      yield* Talk.takeOut(pair, step.side)
      break
    case "elsewhere":
      yield* (yield* EventStore).execute(
        note,
        freshStream(),
        { owner: pair.business, text: "of no conversation" },
        meta(undefined, pair.business)
      )
      break
    default:
      yield* Talk.say(pair, step.side, texts[step.text] ?? "", { metadata: labels[step.metadata] })
  }
})

/** Histories begin here, epoch milliseconds. */
export const beginning = Date.UTC(2026, 0, 1)

/**
 * Makes it happen, through the real commands; between the steps `meanwhile` runs.
 *
 * @returns when it ended, epoch milliseconds
 */
export const play = Effect.fn("RandomHistory.play")(function* <E, R>(
  history: RandomHistory,
  run: string,
  meanwhile: (step: number) => Effect.Effect<void, E, R>
) {
  const all = pairs(run)
  const real = yield* Clock.Clock
  let now = beginning
  for (const [i, step] of history.entries()) {
    const pair = all[step.conversation]
    if (pair === undefined) return yield* Effect.die(new Error("no such conversation"))
    now += step.hours * 3_600_000
    yield* Effect.provideService(happen(step, pair), Clock.Clock, stoppedAt(real, now))
    yield* meanwhile(i)
  }
  return now
})
