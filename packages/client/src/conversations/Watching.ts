import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Effect, Schema } from "effect"
import type { AskedFrame } from "../connection/Line.ts"

const isConversationId = Schema.is(ConversationId)

/** So many of the newest conversations are watched besides the open ones. */
export const WATCHED = 20

/** Of whom presence and typing are told on this connection. */
export class Watching {
  readonly #tell: (frame: AskedFrame) => Effect.Effect<void>
  readonly #open = new Map<string, number>()
  readonly #joined = new Set<string>()
  #newest: ReadonlyArray<string> = []

  readonly #left: (id: string) => void

  /** @param left nothing is told of it from now on */
  constructor(tell: (frame: AskedFrame) => Effect.Effect<void>, left: (id: string) => void) {
    this.#tell = tell
    this.#left = left
  }

  isOpen(id: string): boolean {
    return this.#open.has(id)
  }

  open(id: string): void {
    this.#open.set(id, (this.#open.get(id) ?? 0) + 1)
  }

  close(id: string): void {
    const left = (this.#open.get(id) ?? 1) - 1
    if (left === 0) this.#open.delete(id)
    else this.#open.set(id, left)
  }

  set newest(ids: ReadonlyArray<string>) {
    this.#newest = ids.slice(0, WATCHED)
  }

  /** A new connection knows of none. */
  forget(): void {
    this.#joined.clear()
  }

  /** Tells the service what changed. */
  readonly settle: Effect.Effect<void> = Effect.suspend(() => {
    // What is open may be no conversation at all, as by an address that somebody mistyped.
    const wanted = new Set<string>(
      [...this.#open.keys(), ...this.#newest].filter((id) => isConversationId(id))
    )
    const joining = [...wanted].filter((id) => !this.#joined.has(id))
    const leaving = [...this.#joined].filter((id) => !wanted.has(id))
    for (const id of joining) this.#joined.add(id)
    for (const id of leaving) {
      this.#joined.delete(id)
      this.#left(id)
    }
    const told = (type: "join_conversation" | "leave_conversation", ids: ReadonlyArray<string>) =>
      Effect.forEach(ids, (id) => this.#tell({ type, conversationId: ConversationId.make(id) }), {
        discard: true
      })
    return Effect.andThen(told("leave_conversation", leaving), told("join_conversation", joining))
  })
}
