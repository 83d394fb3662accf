import { assert, describe, it } from "@effect/vitest"
import { CloseCode } from "@indelible/api/realtime/CloseCode"
import type { PersonPrincipal, Principal } from "@indelible/application/identity/Principal"
import { SessionWatch } from "@indelible/application/identity/SessionWatch"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import * as MemoryPresence from "@indelible/infrastructure/memory/MemoryPresence"
import { Effect, Layer, Stream } from "effect"
import { ConnectionLimit } from "../realtime/ConnectionLimit.ts"
import { realtimeMeasures } from "../realtime/RealtimeMeasures.ts"
import { RealtimeSettings } from "../realtime/RealtimeSettings.ts"
import { Session } from "../realtime/Session.ts"
import { rpcAdmission } from "./RpcAdmission.ts"
import { RpcConnections } from "./RpcConnections.ts"

const connections = RpcConnections.layer.pipe(
  Layer.provide(ConnectionLimit.layer),
  Layer.provide(MemoryPresence.layer)
)

const nothingToldYet = Layer.succeed(SessionWatch, { changes: Stream.empty, endOf: () => undefined })

const worker: PersonPrincipal = {
  subject: SubjectId.make("0190f1a0-0000-7000-8000-00000000000a"),
  userId: "wanda",
  role: "worker",
  issuedAt: 0,
  expiresAt: 1_000
}

const outlet = () => ({
  readyState: 1,
  OPEN: 1,
  bufferedAmount: 0,
  send: () => {},
  close: () => {},
  ping: () => {},
  terminate: () => {}
})

const following = Effect.gen(function* () {
  const settings = yield* RealtimeSettings
  const measures = yield* realtimeMeasures
  const session = new Session(outlet(), { settings, measures, now: () => 0, leave: () => {} })
  session.principal = worker
  const connection: { principal: Principal; follows: Set<Session> } = {
    principal: worker,
    follows: new Set([session])
  }
  return { connection, session }
})

describe("renewing who is at a connection", () => {
  it.effect("W4 carries what is followed on, or ends it when their new role has no conversations", () =>
    Effect.gen(function* () {
      const { renew } = yield* rpcAdmission
      const { connection, session } = yield* following
      const later = { ...worker, expiresAt: 2_000 }
      assert.isUndefined(renew(connection, later))
      assert.strictEqual(session.principal, later)
      assert.isTrue(session.live)
      renew(connection, { ...worker, role: "engineer" })
      assert.strictEqual(session.endedBy, CloseCode.identity)
      assert.strictEqual(session.principal, later)
    }).pipe(Effect.provide([connections, nothingToldYet]))
  )
})
