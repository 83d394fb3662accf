import { Deferred, Effect, Redacted } from "effect"
import type { Link } from "./TcpLink.ts"
import * as TcpProxy from "./TcpProxy.ts"

export interface HeldCall {
  /** Waits until a call has come and is held. */
  readonly arrived: Effect.Effect<void>
  /** Resets the caller's connection and keeps the call. */
  readonly loseCaller: Effect.Effect<void>
  /** Sends the call on and waits until the database has answered it or ended the connection. */
  readonly release: Effect.Effect<void>
}

export interface FaultProxy extends TcpProxy.TcpProxy {
  /** The same database, by way of the proxy. */
  readonly url: Redacted.Redacted
  /** How many calls came so far. */
  readonly calls: () => number
  /**
   * The database does the next call; instead of passing its answer on, the proxy resets the caller's connection.
   * The inner effect waits until that has happened.
   */
  readonly cutNextAnswer: Effect.Effect<Effect.Effect<void>>
  readonly holdNextCall: Effect.Effect<HeldCall>
}

/** What to do with a call: where its bytes and those of its answer go. */
interface Fault {
  readonly onCall: (link: Link) => void
  readonly onAnswered: (link: Link) => void
}

/** The frontend begins a statement with Parse or Bind. Start-up, password and cancel messages begin otherwise. */
const beginsCall = (bytes: Buffer) => bytes[0] === 0x50 || bytes[0] === 0x42

/** ReadyForQuery, after which a call is over: committed, or rolled back. */
const endsAnswer = (bytes: Buffer) => bytes.length >= 6 && bytes.readUInt8(bytes.length - 6) === 0x5a

/** The start-up message, the first of a connection, names the application in clear text. */
const applicationIn = (startUp: Buffer) =>
  /application_name\0([^\0]*)\0/.exec(startUp.toString("utf8"))?.[1] ?? ""

/**
 * A TCP proxy in front of Postgres that knows just enough of its protocol to tell where a call begins and where its
 * answer ends. Everything passes until a fault is asked for.
 *
 * @param options.callers whose calls these faults are for, by the name of their connection; everyone's unless given
 */
export const make = Effect.fn("FaultProxy.make")(function* (
  target: Redacted.Redacted,
  { callers = /^/ }: { readonly callers?: RegExp } = {}
) {
  const to = new URL(Redacted.value(target))
  const next: Array<Fault> = []
  let calls = 0

  const tap = (link: Link): TcpProxy.Tap => {
    let application: string | undefined
    let inCall = false
    let fault: Fault | undefined
    let tail = Buffer.alloc(0)
    return {
      fromClient: (bytes) => {
        application ??= applicationIn(bytes)
        if (inCall || !beginsCall(bytes)) return
        inCall = true
        calls += 1
        fault = callers.test(application) ? next.shift() : undefined
        fault?.onCall(link)
      },
      fromServer: (bytes) => {
        tail = Buffer.concat([tail, bytes]).subarray(-6)
        if (!inCall || !endsAnswer(tail)) return
        inCall = false
        fault?.onAnswered(link)
        fault = undefined
      },
      serverGone: () => fault?.onAnswered(link)
    }
  }
  const proxy = yield* TcpProxy.make({ host: to.hostname, port: Number(to.port), tap })

  const holdNextCall = Effect.sync((): HeldCall => {
    const arrived = Deferred.makeUnsafe<Link>()
    const answered = Deferred.makeUnsafe<void>()
    next.push({
      onCall: (link) => {
        link.toServer.hold()
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
      onCall: (link) => link.toClient.hold(),
      onAnswered: (link) => {
        link.reset()
        Deferred.doneUnsafe(cut, Effect.void)
      }
    })
    return Deferred.await(cut)
  })

  return {
    ...proxy,
    url: Redacted.make(Object.assign(new URL(to), { hostname: "127.0.0.1", port: String(proxy.port) }).href),
    calls: () => calls,
    holdNextCall,
    cutNextAnswer
  } satisfies FaultProxy
})
