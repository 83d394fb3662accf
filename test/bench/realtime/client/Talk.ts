import { randomUUID } from "node:crypto"
import type { ClientFrame } from "@indelible/api/realtime/ClientFrame"
import { ClientMessageId } from "@indelible/domain/conversation/ClientMessageId"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import type { Device } from "./Device.ts"
import { type Irregularities, sumOf } from "./Place.ts"

/** A conversation of which both people have a socket here. */
export interface Talk {
  readonly conversation: ConversationId
  readonly devices: readonly [Device, Device]
}

// As long as what people write; what counts stands before it.
const rest = "See you at eight then, I will bring the keys and the papers for the second shift. 👍"

/** A message in which `mark` is found again. */
export const message = (conversationId: ConversationId, mark: string): ClientFrame => ({
  type: "send_message",
  conversationId,
  clientMessageId: ClientMessageId.make(randomUUID()),
  text: `${mark} ${rest}`
})

export const markOf = (text: string): string => text.slice(0, text.indexOf(" "))

/** Of both sockets, as the one that got further has it. */
export const irregularities = (talks: ReadonlyArray<Talk>): Irregularities =>
  sumOf(
    talks.flatMap(({ conversation, devices }) => {
      const places = devices.flatMap((device) => device.places.get(conversation) ?? [])
      const head = Math.max(...places.map(({ pos }) => pos))
      return places.map((place) => place.account(head))
    })
  )
