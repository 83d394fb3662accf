import { CloseCode } from "@indelible/api/realtime/CloseCode"
import { ClientMessageId } from "@indelible/domain/conversation/ClientMessageId"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Effect, type Scope } from "effect"
import type { AskFailure } from "../connection/AskFailure.ts"
import { delayBefore, resending } from "../connection/Backoff.ts"
import type { Connection } from "../connection/Connection.ts"
import type { Tabs } from "../tabs/Tabs.ts"
import type { Outbox } from "./Outbox.ts"
import { finalCodes, type OutboxEntry, type OutboxFailure } from "./OutboxEntry.ts"

/** Times that a message is sent again by itself; after that it waits for a tap. */
export const RETRIES = 3
/** Milliseconds that a message waits by itself for room under a limit. */
const SHORT = 30_000

/** Ways of closing that blame what was sent. */
const blaming: ReadonlySet<number> = new Set([1002, 1003, 1007, 1009, CloseCode.binary])

/** What a failure means for the message: wait so long and send it again, or until there is a connection, or give up. */
type Verdict =
  | { readonly next: "again"; readonly wait: number | null }
  | { readonly next: "reconnect" }
  | { readonly next: "fail"; readonly failure: OutboxFailure }

const judge = (failure: AskFailure, attempts: number): Verdict => {
  if (failure._tag === "LineLost" && !blaming.has(failure.code)) return { next: "reconnect" }
  const [code, message, retryAfterMs] =
    failure._tag === "Refused"
      ? [failure.code, failure.detail, failure.retryAfterMs]
      : failure._tag === "LineLost"
        ? ["invalid_frame", failure.reason, null]
        : ["timed_out", "the service did not answer", null]
  // The session ended or the node stops: the connection sees to it.
  if (code === "unauthenticated" || code === "draining") return { next: "reconnect" }
  const failed = { next: "fail", failure: { code, message, retryAfterMs } } as const
  if (finalCodes.has(code) || attempts > RETRIES) return failed
  if (retryAfterMs !== null && retryAfterMs > SHORT) return failed
  return { next: "again", wait: retryAfterMs }
}

/**
 * Sends what waits, each conversation's messages in the order of writing, one after the other: the next goes out when
 * the one before is on record. In all tabs together one sends for a conversation at a time.
 *
 * Answers how to begin: call it whenever something may wait.
 */
export const sendWaiting = Effect.fnUntraced(function* (
  outbox: Outbox,
  connection: Pick<Connection, "ask" | "online">,
  tabs: Tabs,
  heldUpTo: (conversationId: string) => number
): Effect.fn.Return<(conversationId: string) => void, never, Scope.Scope> {
  const scope = yield* Effect.scope
  const context = yield* Effect.context()
  const run = Effect.runForkWith(context)
  const busy = new Set<string>()
  const wanted = new Set<string>()

  const kept = (entry: OutboxEntry) => Effect.promise(() => outbox.keep(entry))

  const sendOne = Effect.fnUntraced(function* (entry: OutboxEntry) {
    const { clientMessageId, conversationId, metadata, text } = entry
    const answer = yield* connection.ask({
      type: "send_message",
      conversationId: ConversationId.make(conversationId),
      clientMessageId: ClientMessageId.make(clientMessageId),
      text,
      ...(metadata !== null && { metadata })
    })
    if (answer.type !== "message_sent") return
    if (heldUpTo(conversationId) >= answer.pos) outbox.settle(clientMessageId)
    else yield* Effect.promise(() => outbox.answered(clientMessageId, answer.pos))
  })

  /** Until nothing waits, or the line is gone. */
  const inTurn = Effect.fnUntraced(function* (conversationId: string) {
    yield* Effect.promise(() => outbox.reload())
    for (;;) {
      const entry = outbox.next(conversationId)
      if (entry === undefined) return
      const outcome = yield* Effect.result(sendOne(entry))
      if (outcome._tag === "Success") continue
      const attempts = entry.attempts + 1
      const verdict = judge(outcome.failure, attempts)
      if (verdict.next === "reconnect") {
        wanted.add(conversationId)
        // The line may stand for a moment yet, and would say the same again.
        if (outcome.failure._tag === "Refused") yield* Effect.sleep(resending.first)
        return
      }
      // It came by another way meanwhile.
      if (outbox.find(entry.clientMessageId) === undefined) continue
      if (verdict.next === "fail") {
        yield* kept({ ...entry, attempts, failure: verdict.failure })
        continue
      }
      yield* kept({ ...entry, attempts })
      yield* Effect.sleep(verdict.wait ?? (yield* delayBefore(attempts, resending)))
    }
  })

  const turn = (conversationId: string) =>
    Effect.tryPromise((signal) =>
      tabs.exclusively(`outbox ${conversationId}`, signal, () =>
        Effect.runPromiseWith(context)(inTurn(conversationId), { signal })
      )
    )

  const begin = (conversationId: string): void => {
    if (busy.has(conversationId)) {
      wanted.add(conversationId)
      return
    }
    busy.add(conversationId)
    const work = Effect.gen(function* () {
      for (;;) {
        wanted.delete(conversationId)
        yield* connection.online
        // The store failed: what waits stays where it is, and is tried again.
        yield* Effect.catch(turn(conversationId), () => Effect.sleep(resending.most))
        if (wanted.has(conversationId) || outbox.next(conversationId) !== undefined) continue
        // In the same breath: whoever wants it from now on begins it anew.
        busy.delete(conversationId)
        return
      }
    }).pipe(Effect.ensuring(Effect.sync(() => busy.delete(conversationId))))
    run(Effect.forkIn(work, scope))
  }
  return begin
})
