import { Effect } from "effect"
import type { Recorder } from "../history/Recorder.ts"
import { hashOf, type Message } from "./Message.ts"
import type { Attempted } from "./Outcome.ts"
import type { Person } from "./Person.ts"

/** Something by which a person sends. */
export interface Sender {
  readonly name: string
  readonly person: Person
  /** Waits until it can be tried. */
  readonly connected: Effect.Effect<void>
  /** One attempt, written down from its beginning to its end. */
  readonly attempt: (message: Message) => Effect.Effect<Attempted>
}

/** Writes down an attempt: that it is made, and what it came to. Interrupted, it stays without an end. */
export const recorded = (
  recorder: Recorder,
  { name, person }: Pick<Sender, "name" | "person">,
  { conv, key, text }: Message,
  attempt: Effect.Effect<Attempted>
) =>
  Effect.suspend(() => {
    const line = {
      proc: name,
      op: "send",
      call: recorder.next(),
      conv,
      user: person.userId,
      key,
      hash: hashOf(text)
    } as const
    recorder.record({ ...line, phase: "invoke" })
    return Effect.tap(attempt, (outcome) => Effect.sync(() => recorder.record({ ...line, ...outcome })))
  })
