import { Effect } from "effect"
import type { ClientError } from "../ClientError.ts"
import type { Conversations } from "../conversations/Conversations.ts"
import { heldFromView } from "../held/FromViews.ts"
import type { HeldConversation } from "../held/HeldConversation.ts"
import type { Service } from "../rest/Service.ts"

/** Times that one is read that goes on meanwhile. */
const AGAIN = 5

/** Reads single conversations from the service; whoever wants one that is being read gets the same answer. */
export class Fetching {
  readonly #service: Service
  readonly #conversations: Conversations
  /** Of those that are being read: whether somebody wants it once more. */
  readonly #underway = new Map<string, boolean>()

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
      const wanted = this.#underway.has(id)
      this.#underway.set(id, wanted)
      // Whoever wants it while it is read gets it read once more.
      return wanted ? Effect.void : this.#read(id)
    })
  }

  #read(id: string): Effect.Effect<void, ClientError> {
    return Effect.gen({ self: this }, function* () {
      for (let attempt = 0; attempt < AGAIN; attempt++) {
        this.#underway.set(id, false)
        const view = yield* this.#service.one(id)
        const behind = view.pos < (this.#conversations.get(id)?.pos ?? 0)
        if (!behind) this.#conversations.update(id, (held) => asRead(held, heldFromView(view)))
        if (!behind && this.#underway.get(id) === false) return
      }
    }).pipe(Effect.ensuring(Effect.sync(() => this.#underway.delete(id))))
  }
}

/** The entries may miss something: they are read again, behind what is known to be whole. */
const asRead = (held: HeldConversation, read: HeldConversation): HeldConversation => ({
  ...held,
  tail: [],
  tailFrom: held.pos,
  hasEarlier: true,
  lastActivityAt: read.lastActivityAt,
  lastMessage: read.lastMessage,
  messageCount: read.messageCount,
  other: read.other,
  status: read.status
})
