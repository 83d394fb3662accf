import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Effect } from "effect"
import { Device } from "./Device.ts"
import type { Talk } from "./Talk.ts"

/** How many say who they are at the same time. */
const atOnce = 64

/** Everyone who has a socket of this process. */
export class Crowd {
  devices: ReadonlyArray<Device> = []

  /** @param tokens null: someone whom the server does not ask who they are */
  connect(url: string, tokens: ReadonlyArray<string | null>) {
    const newcomers = tokens.map((token) => new Device(url, token))
    this.devices = [...this.devices, ...newcomers]
    return Effect.forEach(newcomers, (device) => device.connect, { concurrency: atOnce, discard: true })
  }

  get open(): number {
    return this.devices.filter(({ open }) => open).length
  }

  get resume() {
    return Effect.forEach(this.devices, (device) => device.resume, { concurrency: atOnce, discard: true })
  }

  /** Cuts all lines. */
  drop(): void {
    for (const device of this.devices) device.drop()
  }

  /** Cuts all lines and forgets everyone. */
  leave(): void {
    this.drop()
    this.devices = []
  }

  /** Those of these conversations of which both people are here. */
  talks(conversations: ReadonlyArray<ConversationId>): ReadonlyArray<Talk> {
    const holders = Map.groupBy(
      this.devices.flatMap((device) => Array.from(device.places.keys(), (held) => ({ device, held }))),
      ({ held }) => held
    )
    return conversations.flatMap((conversation) => {
      const [one, other] = holders.get(conversation) ?? []
      if (one === undefined || other === undefined) return []
      return [{ conversation, devices: [one.device, other.device] as const }]
    })
  }
}
