import { TooManySocketsProblem } from "@indelible/api/problem/CallProblems"
import { CloseCode } from "@indelible/api/realtime/CloseCode"
import { Effect } from "effect"
import { refuse } from "../../answers/Refuse.ts"
import { forbidden, unauthenticated, whoAsks } from "../../answers/WhoAsks.ts"
import { Caller } from "../Caller.ts"
import { rpcAdmission, turnedAway } from "../RpcAdmission.ts"
import type { RpcConnection } from "../RpcConnection.ts"
import { whoView } from "../WhoViews.ts"

const tooMany = refuse((common) => new TooManySocketsProblem(common))

/** A first token that is refused ends the connection, so that nobody tries one after the other. */
const sendAway = (connection: RpcConnection) =>
  Effect.sync(() => {
    if (connection.principal === undefined) {
      connection.endWhenAnswered(CloseCode.identity, "the token was not accepted")
    }
  })

export const authenticate = Effect.gen(function* () {
  const { admit, renew } = yield* rpcAdmission
  const who = yield* whoAsks

  return Effect.fnUntraced(function* ({ token }: { readonly token: string }) {
    const { connection } = yield* Caller
    if (connection === undefined) return yield* Effect.die(new Error("a call about no connection"))
    const principal = yield* Effect.tapErrorTag(who(token), "unauthenticated", () => sendAway(connection))
    const { principal: before } = connection
    // One connection, one person: what was on its way to the one before would reach the next.
    if (
      before !== undefined &&
      (before.subject !== principal.subject || before.userId !== principal.userId)
    ) {
      return yield* forbidden
    }
    const why = before === undefined ? admit(connection, principal) : renew(connection, principal)
    if (why === undefined) return whoView(principal)
    connection.endWhenAnswered(why.code, why.reason)
    return yield* why === turnedAway.tooMany ? tooMany : unauthenticated
  })
})
