import type { Link } from "@indelible/application/live/Presence"
import { type CaughtUpAtRate, type Refusal, Session, type SessionHouse } from "../realtime/Session.ts"
import type { StreamOutlet } from "./StreamOutlet.ts"

/**
 * A session that a stream shows. All that it was asked for is to catch up, once and by the stream: when that is refused,
 * there is nobody else to tell and no other try, and what is live would follow a gap for good. So the stream ends.
 */
export class FollowedSession extends Session {
  readonly #outlet: StreamOutlet

  constructor(outlet: StreamOutlet, house: SessionHouse, caughtUpWith: CaughtUpAtRate) {
    super(outlet, house, caughtUpWith)
    this.#outlet = outlet
  }

  /** Its connection is counted already. */
  override get link(): Link {
    return "device"
  }

  override refuse(_id: string | undefined, refusal: Refusal): void {
    this.#outlet.refuse(refusal)
  }
}
