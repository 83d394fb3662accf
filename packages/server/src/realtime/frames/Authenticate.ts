import { Authenticate } from "@indelible/api/realtime/ClientFrame"
import { CloseCode } from "@indelible/api/realtime/CloseCode"
import { Effect } from "effect"
import { Admission } from "../Admission.ts"
import { openFrame } from "../FrameHandler.ts"
import { type FrameFailure, refusalOf } from "../Refusals.ts"

/**
 * A first token that is refused ends the socket, so that nobody tries one after the other. A later one leaves things as
 * they were: the session lives as long as the token it has.
 */
export const authenticate = Effect.map(Admission, ({ admit, identify, renew }) =>
  openFrame(Authenticate, (session, { id, token }) => {
    const { principal: before } = session
    if (before !== undefined) {
      return Effect.flatMap(identify(token), (principal) => renew(session, before, principal, id))
    }
    const refuse = (failure: FrameFailure) =>
      Effect.sync(() => {
        session.refuse(id, refusalOf(failure))
        session.end(CloseCode.identity, "the token was not accepted")
      })
    return identify(token).pipe(
      Effect.map((principal) => admit(session, principal, id)),
      Effect.catchTag(["Unauthenticated", "Forbidden"], refuse)
    )
  })
)
