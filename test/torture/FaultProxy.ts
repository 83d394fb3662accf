import { createServer, connect as openSocket, type Socket } from "node:net"
import { Deferred, Effect, Redacted } from "effect"

export interface HeldCall {
  /** Waits until a call has come and is held. */
  readonly arrived: Effect.Effect<void>
  /** Resets the caller's connection and keeps the call. */
  readonly loseCaller: Effect.Effect<void>
  /** Sends the call on and waits until the database has answered it or ended the connection. */
  readonly release: Effect.Effect<void>
}

export interface FaultProxy {
  /** The same database, by way of the proxy. */
  readonly url: Redacted.Redacted
  /**
   * The database does the next call; instead of passing its answer on, the proxy resets the caller's connection.
   * The inner effect waits until that has happened.
   */
  readonly cutNextAnswer: Effect.Effect<Effect.Effect<void>>
  readonly holdNextCall: Effect.Effect<HeldCall>
  /** From now on no byte passes, on old connections and new ones; nobody is told. */
  readonly blackhole: Effect.Effect<void>
  /** All that was held up arrives, also from callers who have hung up meanwhile. */
  readonly heal: Effect.Effect<void>
  /** New connections pass; the old ones stay dark for ever, as after a move of the address to another machine. */
  readonly forget: Effect.Effect<void>
  /** Resets every connection. */
  readonly cutAll: Effect.Effect<void>
}

/** What to do with a call: where its bytes and those of its answer go. */
interface Fault {
  readonly onCall: (link: Link) => void
  readonly onAnswered: (link: Link) => void
}

class Link {
  readonly caller: Socket
  readonly database: Socket
  fault: Fault | null = null
  inCall = false
  /** Bytes on their way to the database, while it must not get them. */
  held: Array<Buffer> | null = null
  /** Bytes on their way back, while the caller must not get them. */
  withheld: Array<Buffer> | null = null
  callerGone = false

  constructor(caller: Socket, database: Socket) {
    this.caller = caller
    this.database = database
  }

  /** The caller has hung up: so does the proxy, once what was sent before has been passed on. */
  hangUp() {
    this.callerGone = true
    if (this.held === null) this.database.end()
  }

  letThrough() {
    const { held, withheld } = this
    this.held = null
    this.withheld = null
    for (const bytes of held ?? []) this.database.write(bytes)
    if (!this.callerGone) for (const bytes of withheld ?? []) this.caller.write(bytes)
  }

  reset() {
    this.callerGone = true
    this.caller.resetAndDestroy()
  }
}

/** The frontend begins a statement with Parse or Bind. Start-up, password and cancel messages begin otherwise. */
const beginsCall = (bytes: Buffer) => bytes[0] === 0x50 || bytes[0] === 0x42

/** ReadyForQuery, after which a call is over: committed, or rolled back. */
const endsAnswer = (bytes: Buffer) => bytes.length >= 6 && bytes.readUInt8(bytes.length - 6) === 0x5a

/**
 * A TCP proxy in front of Postgres that knows just enough of its protocol to tell where a call begins and where its
 * answer ends. Everything passes until a fault is asked for.
 */
export const make = Effect.fn("FaultProxy.make")(function* (target: Redacted.Redacted) {
  const to = new URL(Redacted.value(target))
  const links = new Set<Link>()
  const next: Array<Fault> = []
  let dark = false

  const accept = (caller: Socket) => {
    const database = openSocket({ host: to.hostname, port: Number(to.port) })
    for (const socket of [caller, database]) socket.setNoDelay(true)
    const link = new Link(caller, database)
    if (dark) {
      link.held = []
      link.withheld = []
    }
    links.add(link)

    caller.on("data", (bytes: Buffer) => {
      if (!link.inCall && beginsCall(bytes)) {
        link.inCall = true
        link.fault = next.shift() ?? null
        link.fault?.onCall(link)
      }
      if (link.held === null) database.write(bytes)
      else link.held.push(bytes)
    })
    let tail = Buffer.alloc(0)
    database.on("data", (bytes: Buffer) => {
      tail = Buffer.concat([tail, bytes]).subarray(-6)
      if (link.withheld !== null) link.withheld.push(bytes)
      else if (!link.callerGone) caller.write(bytes)
      if (link.inCall && endsAnswer(tail)) {
        link.inCall = false
        link.fault?.onAnswered(link)
        link.fault = null
      }
    })
    caller.on("close", () => link.hangUp())
    caller.on("error", () => caller.destroy())
    database.on("error", () => database.destroy())
    database.on("close", () => {
      links.delete(link)
      link.fault?.onAnswered(link)
      // Through a black hole not even the end of a connection is seen.
      if (link.withheld === null) caller.destroy()
    })
  }

  const server = yield* Effect.acquireRelease(
    Effect.callback<ReturnType<typeof createServer>>((resume) => {
      const listening = createServer(accept)
      listening.listen(0, "127.0.0.1", () => resume(Effect.succeed(listening)))
    }),
    (listening) =>
      Effect.sync(() => {
        listening.close()
        for (const { caller, database } of links) {
          caller.destroy()
          database.destroy()
        }
      })
  )
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0

  const holdNextCall = Effect.sync((): HeldCall => {
    const arrived = Deferred.makeUnsafe<Link>()
    const answered = Deferred.makeUnsafe<void>()
    next.push({
      onCall: (link) => {
        link.held = []
        Deferred.doneUnsafe(arrived, Effect.succeed(link))
      },
      onAnswered: () => Deferred.doneUnsafe(answered, Effect.void)
    })
    return {
      arrived: Effect.asVoid(Deferred.await(arrived)),
      loseCaller: Effect.map(Deferred.await(arrived), (link) => link.reset()),
      release: Effect.andThen(
        Effect.map(Deferred.await(arrived), (link) => link.letThrough()),
        Deferred.await(answered)
      )
    }
  })

  const cutNextAnswer = Effect.sync(() => {
    const cut = Deferred.makeUnsafe<void>()
    next.push({
      onCall: (link) => {
        link.withheld = []
      },
      onAnswered: (link) => {
        link.reset()
        Deferred.doneUnsafe(cut, Effect.void)
      }
    })
    return Deferred.await(cut)
  })

  return {
    url: Redacted.make(Object.assign(new URL(to), { hostname: "127.0.0.1", port: String(port) }).href),
    holdNextCall,
    cutNextAnswer,
    blackhole: Effect.sync(() => {
      dark = true
      for (const link of links) {
        link.held ??= []
        link.withheld ??= []
      }
    }),
    heal: Effect.sync(() => {
      dark = false
      for (const link of links) {
        link.letThrough()
        if (link.callerGone) link.database.end()
      }
    }),
    forget: Effect.sync(() => {
      dark = false
    }),
    cutAll: Effect.sync(() => {
      for (const link of links) link.reset()
    })
  } satisfies FaultProxy
})
