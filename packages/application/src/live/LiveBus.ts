import { Context, type Effect, type Scope } from "effect"
import type { LiveMessage } from "./LiveMessage.ts"

/**
 * Tells the other nodes of an installation at once what happens on this one.
 *
 * - **A hint, not the truth**: a message may be lost, doubled or late, and two may overtake each other. Whatever must
 *   arrive has another way, such as the log, which each node also reads by itself.
 * - **Never in the way**: publishing does not fail and does not wait. Up to 4 MB wait for the network; what comes then is
 *   dropped, and counted.
 * - **From our own alone**: what another installation, or somebody else, put there is not handed out. Content of messages
 *   is never in it in the clear.
 */
export class LiveBus extends Context.Service<
  LiveBus,
  {
    readonly publish: (message: LiveMessage) => Effect.Effect<void>
    /**
     * Hands over what other nodes publish, never what this one does, as long as the scope lives. `onMessage` is called
     * in the midst of reading from the network, so it only takes note; what it throws is logged.
     */
    readonly subscribe: (onMessage: (message: LiveMessage) => void) => Effect.Effect<void, never, Scope.Scope>
    /** False while messages of others, or ours to them, are known to be lost. */
    readonly connected: Effect.Effect<boolean>
  }
>()("@indelible/application/live/LiveBus") {}
