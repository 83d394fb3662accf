import type { PersonPrincipal } from "@indelible/application/identity/Principal"
import { Clock, Context, Deferred, Effect, Layer } from "effect"
import { makeRegistry } from "./ConnectionRegistry.ts"
import { realtimeMeasures } from "./RealtimeMeasures.ts"
import { RealtimeSettings } from "./RealtimeSettings.ts"
import type { Session, SessionHouse } from "./Session.ts"
import { Watchers } from "./Watchers.ts"

/** The sessions of this node, of sockets and of streams, and whose they are. */
export class Sessions extends Context.Service<Sessions>()("@indelible/server/realtime/Sessions", {
  make: Effect.gen(function* () {
    const settings = yield* RealtimeSettings
    const measures = yield* realtimeMeasures
    const clock = yield* Clock.Clock
    const watchers = yield* Watchers
    const registry = yield* makeRegistry<PersonPrincipal, Session>(settings, measures, (session) => {
      // Its frames do not come any more, so nobody waits for them.
      for (const { arrived } of session.awaited) Deferred.doneUnsafe(arrived, Effect.void)
      watchers.leave(session)
    })

    const house: SessionHouse = {
      settings,
      measures,
      leave: registry.leave,
      now: () => Number(clock.monotonicTimeNanosUnsafe() / 1_000_000n)
    }

    return { ...registry, house }
  })
}) {
  static readonly layer = Layer.effect(this, this.make)
}
