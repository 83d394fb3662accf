import { performance } from "node:perf_hooks"
import { liveEnvelope, senderBytes } from "@indelible/infrastructure/redis/LiveEnvelope"
import { decode, encode } from "@indelible/infrastructure/redis/LiveMessageCodec"
import { appended, storedEvent } from "../../contract/BusMessages.ts"

const messages = 20_000

/** Microseconds in which a node takes one message of another from the bus, whether or not anybody here is concerned. */
export const takingOne = (): number => {
  const key = new Uint8Array(32).fill(1)
  const here = liveEnvelope(key, new Uint8Array(senderBytes).fill(1))
  const there = liveEnvelope(key, new Uint8Array(senderBytes).fill(2))
  const payload = there.seal([encode(appended(storedEvent(7, 1, "message"))).frame])
  let taken = 0
  let begun = 0
  // The first half warms up.
  for (let i = 0; i < messages * 2; i += 1) {
    if (i === messages) begun = performance.now()
    const opened = here.open(payload)
    if (opened._tag === "FromOther") taken += decode(opened.content).messages.length
  }
  if (taken !== messages * 2) throw new Error("messages were not taken")
  return ((performance.now() - begun) * 1_000) / messages
}
