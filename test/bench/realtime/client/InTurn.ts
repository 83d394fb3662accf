import { Effect } from "effect"
import { closedLoop } from "../../ClosedLoop.ts"
import { message, type Talk } from "./Talk.ts"

/**
 * So many senders, each with one message on its way. Each walks through sockets of its own, so that what one socket may
 * send a second limits nobody.
 */
export const sendInTurn = (talks: ReadonlyArray<Talk>, senders: number, seconds: number) => {
  const seats = talks.flatMap(({ conversation, devices }) =>
    devices.map((device) => ({ conversation, device }))
  )
  const own = Array.from({ length: senders }, (_, sender) =>
    seats.filter((_, seat) => seat % senders === sender)
  )
  return closedLoop(senders, seconds * 1_000, (sender, turn) => {
    const mine = own[sender] ?? []
    const seat = mine[turn % mine.length]
    if (seat === undefined) return Effect.die(new Error("more senders than sockets"))
    return seat.device.expect(message(seat.conversation, String(turn)), "message_sent")
  })
}
