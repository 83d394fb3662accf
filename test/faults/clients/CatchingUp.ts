import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Effect } from "effect"
import type { Device } from "./Device.ts"

const again = "100 millis"

/** Asks for all that follows what it has. False: not all came, or nobody answered. */
const resume = (device: Device) =>
  Effect.gen(function* () {
    for (const thread of device.threads.values()) thread.hasGap = false
    const answer = yield* device.ask({
      type: "resume",
      conversations: Array.from(device.threads, ([conv, { pos, tag }]) => ({
        conversationId: ConversationId.make(conv),
        pos,
        ...(tag !== undefined && { tag })
      }))
    })
    if (answer.type !== "resumed") return false
    for (const told of answer.conversations) {
      if (told.state === "resync" || told.state === "not_found") {
        device.takenBack(told.conversationId, told.state)
      } else {
        device.badge(told.conversationId, told.head, told.unread)
      }
    }
    return answer.conversations.every(
      ({ conversationId, state }) => state === "live" && device.threads.get(conversationId)?.hasGap !== true
    )
  })

/** Asks for what a new connection, or a gap, left out; until it has it. */
export const catchesUp = (device: Device): Effect.Effect<never> =>
  Effect.gen(function* () {
    yield* device.missing.await
    yield* device.connected
    device.missing.closeUnsafe()
    device.resuming = true
    const complete = yield* resume(device)
    device.resuming = false
    if (complete) return device.complete()
    device.missing.openUnsafe()
    yield* Effect.sleep(again)
  }).pipe(Effect.forever)
