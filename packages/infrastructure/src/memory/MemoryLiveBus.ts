import { LiveBus } from "@indelible/application/live/LiveBus"
import type { LiveMessage } from "@indelible/application/live/LiveMessage"
import { Effect, Layer } from "effect"

/** A bus between members of one process; each run of the inner effect makes one more. */
export const makeBus = Effect.sync(() => {
  const members = new Set<Set<(message: LiveMessage) => void>>()

  return Effect.acquireRelease(
    Effect.sync(() => new Set<(message: LiveMessage) => void>()),
    (own) => Effect.sync(() => members.delete(own))
  ).pipe(
    Effect.map((own) => {
      members.add(own)
      return LiveBus.of({
        publish: (message) =>
          Effect.forEach(
            [...members].filter((member) => member !== own).flatMap((member) => [...member]),
            (onMessage) =>
              Effect.catchDefect(
                Effect.sync(() => onMessage(message)),
                (defect) => Effect.logError("a message of another node was not taken", defect)
              ),
            { discard: true }
          ),
        subscribe: (onMessage) =>
          Effect.asVoid(
            Effect.acquireRelease(
              Effect.sync(() => own.add(onMessage)),
              () => Effect.sync(() => own.delete(onMessage))
            )
          ),
        connected: Effect.succeed(true)
      })
    })
  )
})

/** The bus of a node that is alone: nobody else hears or says anything. */
export const layer = Layer.effect(LiveBus, Effect.flatten(makeBus))
