import { assert, describe, it } from "@effect/vitest"
import type { CloseCode } from "@indelible/api/realtime/CloseCode"
import type { PersonPrincipal, Principal, ServicePrincipal } from "@indelible/application/identity/Principal"
import { type Link, Presence } from "@indelible/application/live/Presence"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import * as MemoryPresence from "@indelible/infrastructure/memory/MemoryPresence"
import { Effect, Layer } from "effect"
import { ConnectionLimit, type Linked } from "./ConnectionLimit.ts"
import { makeRegistry } from "./ConnectionRegistry.ts"

const token = { issuedAt: 0, expiresAt: 1_000 }
const worker: PersonPrincipal = {
  ...token,
  subject: SubjectId.make("0190f1a0-0000-7000-8000-00000000000a"),
  userId: "wanda",
  role: "worker"
}
const platform: ServicePrincipal = { ...token, subject: null, userId: "wanda", role: "service" }

class Connection implements Linked {
  readonly outlet = { ping: () => {}, terminate: () => {} }
  readonly openedAt = 0
  readonly endedAt = 0
  readonly link: Link
  principal: Principal | undefined
  endedBy: CloseCode | undefined
  pingedAt = 0
  answersPings = true

  constructor(link: Link) {
    this.link = link
  }

  end(code: CloseCode): void {
    this.endedBy ??= code
  }
}

const closes: Array<number | string> = []
const measures = { open: () => {}, closed: (code: number | string) => void closes.push(code) }
const registry = makeRegistry<Principal, Connection>({ maxConnectionsPerUser: 2 }, measures)

const over = <E>(presence: Layer.Layer<Presence, E>) => Layer.provideMerge(ConnectionLimit.layer, presence)

describe("whose connections they are", () => {
  it.effect("W13 has room for so many of one person, of both interfaces together", () =>
    Effect.gen(function* () {
      const [sockets, calls] = [yield* registry, yield* registry]
      const [socket, call, third] = [
        new Connection("both"),
        new Connection("connection"),
        new Connection("connection")
      ]
      const stream = new Connection("device")
      assert.isTrue(sockets.join(socket, worker))
      assert.isTrue(calls.join(call, worker))
      assert.isFalse(calls.join(third, worker))
      assert.isUndefined(third.principal)
      assert.isTrue(sockets.join(stream, worker))
      assert.sameMembers([...sockets.of(worker.subject)], [socket, stream])
      assert.sameMembers([...calls.of(worker.subject)], [call])

      assert.isTrue(sockets.leave(socket))
      assert.isFalse(sockets.leave(socket))
      sockets.exit(socket, 1000)
      assert.isTrue(calls.join(third, worker))
      assert.isFalse(sockets.join(new Connection("both"), worker))
      assert.deepStrictEqual(closes, [1000])
    }).pipe(Effect.provide(over(MemoryPresence.layer)))
  )

  it.effect("W13 counts programs for themselves, whatever people are called", () =>
    Effect.gen(function* () {
      const calls = yield* registry
      const first = new Connection("connection")
      for (const each of [first, new Connection("connection")]) assert.isTrue(calls.join(each, platform))
      assert.isFalse(calls.join(new Connection("connection"), platform))
      assert.isTrue(calls.join(new Connection("connection"), worker))
      calls.leave(first)
      assert.isTrue(calls.join(new Connection("connection"), platform))
    }).pipe(Effect.provide(over(MemoryPresence.layer)))
  )

  it.effect("W13 H16 closes what is too many over all nodes once that is known, but no streams", () =>
    Effect.gen(function* () {
      const calls = yield* registry
      const [call, stream, program] = [
        new Connection("connection"),
        new Connection("device"),
        new Connection("connection")
      ]
      assert.isTrue(calls.join(call, worker))
      assert.isTrue(calls.join(stream, worker))
      assert.isTrue(calls.join(program, platform))
      yield* Effect.yieldNow
      assert.deepStrictEqual([call.endedBy, stream.endedBy, program.endedBy], [4413, undefined, undefined])
    }).pipe(Effect.provide(over(Layer.mock(Presence, { arrive: () => Effect.succeed(3) }))))
  )
})
