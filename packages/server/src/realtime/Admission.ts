import { CloseCode } from "@indelible/api/realtime/CloseCode"
import { Identity } from "@indelible/application/identity/Identity"
import { converses, type PersonPrincipal } from "@indelible/application/identity/Principal"
import { SessionWatch } from "@indelible/application/identity/SessionWatch"
import { Context, Effect, Layer } from "effect"
import { Forbidden } from "./Refusals.ts"
import type { Session } from "./Session.ts"
import { Sessions } from "./Sessions.ts"

/** Lets people in: by the token of the upgrade request, or of an `authenticate` frame. */
export class Admission extends Context.Service<Admission>()("@indelible/server/realtime/Admission", {
  make: Effect.gen(function* () {
    const { authenticate } = yield* Identity
    const { endOf } = yield* SessionWatch
    const sessions = yield* Sessions

    /** Whose token this is; only those who can have conversations. */
    const identify = Effect.fnUntraced(function* (token: string) {
      const principal = yield* authenticate(token)
      if (!converses(principal)) {
        return yield* new Forbidden({ detail: "conversations are for business users and workers" })
      }
      return principal
    })

    const welcome = (session: Session, principal: PersonPrincipal, id?: string) => {
      // Registered first, then asked: their standing may have changed while the token was looked at.
      if (endOf(principal) !== undefined) return session.end(CloseCode.identity, "sign in again")
      session.answer(id, {
        type: "authenticated",
        userId: principal.userId,
        expiresAt: new Date(principal.expiresAt).toISOString()
      })
    }

    return {
      identify,
      /** Gives a new socket its person. From here on everything that concerns them goes to it. */
      admit: (session: Session, principal: PersonPrincipal, id?: string) => {
        if (!session.live) return
        if (sessions.join(session, principal)) return welcome(session, principal, id)
        session.end(CloseCode.tooManySockets, "too many connections of this person")
      },
      /** Puts a newer token in the place of the one before. */
      renew: Effect.fnUntraced(function* (
        session: Session,
        before: PersonPrincipal,
        principal: PersonPrincipal,
        id?: string
      ) {
        // One socket, one person: what was on its way to the one before would reach the next.
        if (principal.subject !== before.subject) {
          return yield* new Forbidden({ detail: "this socket belongs to another person; open a new one" })
        }
        session.principal = principal
        welcome(session, principal, id)
      })
    }
  })
}) {
  static readonly layer = Layer.effect(this, this.make)
}
