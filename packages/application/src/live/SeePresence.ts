import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Context, Effect, Layer, Option, Schema } from "effect"
import { People } from "../people/People.ts"
import { EventStore } from "../store/EventStore.ts"
import { Presence } from "./Presence.ts"

/** Nobody has this id with whom whoever asks has a conversation. Whether somebody else has it is not told. */
export class PersonNotFound extends Schema.TaggedError<PersonNotFound>()("PersonNotFound", {}) {
  override get message() {
    return "there is nobody with this id with whom one has a conversation"
  }
}

/** Nobody's: those of people are random, of version 4. */
const noOne = SubjectId.make("00000000-0000-8000-8000-000000000000")

/** Whether somebody is there, for those who have a conversation with them. */
export class SeePresence extends Context.Service<SeePresence>()("@indelible/application/live/SeePresence", {
  make: Effect.gen(function* () {
    const people = yield* People
    const store = yield* EventStore
    const presence = yield* Presence

    return Effect.fn("SeePresence")(function* (by: SubjectId, userId: string) {
      const person = yield* people.byUserId(userId)
      const subject = Option.match(person, { onNone: () => noOne, onSome: (found) => found.subject })
      // Asked for nobody as well, so that time does not tell whether there is somebody.
      if (!(yield* store.shareStream(by, subject))) return yield* new PersonNotFound()
      const now = (yield* presence.of([subject])).get(subject)
      return now ?? (yield* Effect.die(new Error("presence did not answer for whom it was asked")))
    })
  })
}) {
  static readonly layer = Layer.effect(this, this.make)
}
