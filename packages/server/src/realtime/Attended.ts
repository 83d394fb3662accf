import type { CloseCode } from "@indelible/api/realtime/CloseCode"
import type { Principal } from "@indelible/application/identity/Principal"
import type { Outlet } from "./Outlet.ts"

/** A connection that is looked after: nobody overstays on it, and it is closed with a reason. */
export interface Attended {
  readonly outlet: Pick<Outlet, "ping" | "terminate">
  /** Milliseconds of a clock that nobody sets, like all of these. */
  readonly openedAt: number
  /** undefined until it is known who is at the other end. */
  readonly principal: Principal | undefined
  /** Why this side ended it; the other side may take its time to agree. */
  readonly endedBy: CloseCode | undefined
  readonly endedAt: number
  pingedAt: number
  /** Whether the last ping was answered. */
  answersPings: boolean
  /** Says goodbye with a reason; the first one counts. */
  end(code: CloseCode, reason: string): void
}
