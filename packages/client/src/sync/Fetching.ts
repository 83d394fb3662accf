import { Effect } from "effect"
import type { ClientError } from "../ClientError.ts"
import type { Conversations } from "../conversations/Conversations.ts"
import { heldFromView } from "../held/FromViews.ts"
import type { HeldConversation } from "../held/HeldConversation.ts"
import type { Service } from "../rest/Service.ts"

/** Reads single conversations from the service; whoever wants one that is being read gets the same answer. */
export class Fetching {
  readonly #service: Service
  readonly #conversations: Conversations
  readonly #underway = new Set<string>()

  constructor(service: Service, conversations: Conversations) {
    this.#service = service
    this.#conversations = conversations
  }

  /** A conversation that this device did not have: from here on it is held, and what follows comes by itself. */
  get(id: string): Effect.Effect<HeldConversation, ClientError> {
    return Effect.map(this.#service.one(id), (view) => {
      const known = this.#conversations.get(id)
      if (known !== undefined) return known
      const held = heldFromView(view)
      this.#conversations.put(held)
      return held
    })
  }

  /** Begins anew with one of which the service has another history, or too much has happened. */
  anew(id: string): Effect.Effect<void, ClientError> {
    return Effect.map(this.#service.one(id), (view) => this.#conversations.put(heldFromView(view)))
  }

  /** What frames did not tell of it: who the other person is by now, and how it stands. */
  refresh(id: string): Effect.Effect<void, ClientError> {
    return Effect.suspend(() => {
      if (this.#underway.has(id)) return Effect.void
      this.#underway.add(id)
      return Effect.map(this.#service.one(id), (view) => {
        this.#conversations.update(id, (held) => {
          const { lastActivityAt, lastMessage, messageCount, other, status } = heldFromView(view)
          // The entries may miss something: they are read again, behind what is known to be whole.
          const tail = { tail: [], tailFrom: held.pos, hasEarlier: true }
          return view.pos < held.pos
            ? { ...held, other }
            : { ...held, ...tail, lastActivityAt, lastMessage, messageCount, other, status }
        })
      }).pipe(Effect.ensuring(Effect.sync(() => this.#underway.delete(id))))
    })
  }
}
