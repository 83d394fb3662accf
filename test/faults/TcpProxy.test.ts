import { once } from "node:events"
import { createServer, connect as openSocket, type Socket } from "node:net"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Schedule } from "effect"
import * as TcpProxy from "./TcpProxy.ts"

/** A server that sends back what it gets, and a proxy in front of it. */
const echo = Effect.gen(function* () {
  const server = yield* Effect.acquireRelease(
    Effect.promise(async () => {
      const made = createServer((socket) => {
        socket.on("error", () => {})
        socket.pipe(socket)
      })
      await once(made.listen(0, "127.0.0.1"), "listening")
      return made
    }),
    (made) => Effect.sync(() => made.close())
  )
  const address = server.address()
  return yield* TcpProxy.make({ port: typeof address === "object" && address !== null ? address.port : 0 })
})

/** All that came back, as it comes; whether it was cut. */
class Client {
  readonly socket: Socket
  received = ""
  ended = false

  constructor(port: number) {
    this.socket = openSocket(port, "127.0.0.1")
    this.socket.setEncoding("latin1")
    this.socket.on("error", () => {})
    this.socket.on("data", (text: string) => {
      this.received += text
    })
    this.socket.on("close", () => {
      this.ended = true
    })
  }

  until(holds: () => boolean) {
    return Effect.promise(async () => {
      // Not `once` of node:events, for which a reset would be a failure.
      const more = () =>
        new Promise<void>((resolve) => {
          this.socket.once("data", () => resolve())
          this.socket.once("close", () => resolve())
        })
      while (!holds()) await more()
    }).pipe(Effect.timeout("5 seconds"))
  }

  echoed(text: string) {
    this.socket.write(text, "latin1")
    return this.until(() => this.received.endsWith(text))
  }
}

const connected = Effect.map(echo, (proxy) => ({ proxy, client: new Client(proxy.port) }))
const long = Array.from({ length: 20_000 }, (_, i) => String(i)).join(" ")

const millisOf = <A, E, R>(work: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.timed(work), ([duration]) => Duration.toMillis(duration))

describe("TcpProxy", () => {
  it.live("passes everything in its order, and late or slowly when it is told to", () =>
    Effect.gen(function* () {
      const { client, proxy } = yield* connected
      yield* client.echoed(long)
      yield* proxy.delay(40)
      // There and back.
      assert.isAtLeast(yield* millisOf(client.echoed("late")), 79)
      yield* proxy.heal
      yield* proxy.throttle(40_000)
      assert.isAtLeast(yield* millisOf(client.echoed(long.slice(0, 8_000))), 190)
      yield* proxy.heal
      yield* client.echoed(long)
      assert.strictEqual(client.received, `${long}late${long.slice(0, 8_000)}${long}`)
    })
  )

  it.live("passes nothing through a black hole, and all of it afterwards", () =>
    Effect.gen(function* () {
      const { client, proxy } = yield* connected
      yield* client.echoed("before ")
      yield* proxy.blackhole
      const later = new Client(proxy.port)
      client.socket.write("held")
      later.socket.write("too")
      yield* Effect.sleep("30 millis")
      assert.deepStrictEqual([client.received, later.received], ["before ", ""])
      yield* proxy.heal
      yield* client.until(() => client.received === "before held")
      yield* later.until(() => later.received === "too")
    })
  )

  it.live("keeps old connections dark when they are forgotten, also from the end of the other side", () =>
    Effect.gen(function* () {
      const { client, proxy } = yield* connected
      yield* client.echoed("before")
      yield* proxy.blackhole
      yield* proxy.forget
      const later = new Client(proxy.port)
      yield* later.echoed("passes")
      client.socket.write("held")
      yield* Effect.sleep("30 millis")
      assert.strictEqual(client.received, "before")
      assert.isFalse(client.ended)
    })
  )

  it.live("resets: all at once, each new one, or each after so many bytes", () =>
    Effect.gen(function* () {
      const { client, proxy } = yield* connected
      yield* client.echoed("before")
      yield* proxy.refuse
      yield* client.until(() => client.ended)
      const refused = new Client(proxy.port)
      yield* refused.until(() => refused.ended)
      yield* proxy.heal
      const again = new Client(proxy.port)
      yield* again.echoed("again")
      yield* proxy.cutAfter(() => 3)
      again.socket.write("three")
      yield* again.until(() => again.ended)
      assert.strictEqual(again.received, "againthr")
      yield* Effect.repeat(Effect.sync(proxy.links), {
        until: (links) => links === 0,
        schedule: Schedule.spaced("5 millis")
      })
    })
  )
})
