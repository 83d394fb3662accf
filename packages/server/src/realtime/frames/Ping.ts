import { Ping } from "@indelible/api/realtime/ClientFrame"
import { Effect } from "effect"
import { openFrame } from "../FrameHandler.ts"

/** For programs that cannot see the protocol's own pings, as those in browsers. */
export const ping = openFrame(Ping, (session, { id }) =>
  Effect.sync(() => session.answer(id, { type: "pong" }))
)
