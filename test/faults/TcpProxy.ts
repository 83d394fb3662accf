import { createServer, connect as openSocket, type Server, type Socket } from "node:net"
import { Effect } from "effect"
import { Link, type Weather } from "./TcpLink.ts"

/** Told of all that comes over one connection, before it goes on. */
export interface Tap {
  readonly fromClient?: (bytes: Buffer) => void
  readonly fromServer?: (bytes: Buffer) => void
  /** Decides what of it goes on to the client, and when; all of it at once unless given. */
  readonly toClient?: (bytes: Buffer, pass: (bytes: Buffer) => void) => void
  /** The server's side has ended. */
  readonly serverGone?: () => void
}

export interface TcpProxy {
  readonly port: number
  /** How many connections there are. */
  readonly links: () => number
  /** Milliseconds by which every byte is late, each way. */
  readonly delay: (millis: number) => Effect.Effect<void>
  /** Bytes a second that pass each way, all connections together. */
  readonly throttle: (bytesPerSecond: number) => Effect.Effect<void>
  /** From now on no byte passes, on old connections and new ones; nobody is told. */
  readonly blackhole: Effect.Effect<void>
  /** New connections pass; the old ones stay dark for ever, as after a move of the address to another machine. */
  readonly forget: Effect.Effect<void>
  /** Resets every connection, and every new one as soon as it is there. */
  readonly refuse: Effect.Effect<void>
  /** Resets every connection. */
  readonly cutAll: Effect.Effect<void>
  /** Resets each connection, old or new, after the client got so many more bytes on it. */
  readonly cutAfter: (bytes: () => number) => Effect.Effect<void>
  /** Ends every fault. All that was held up arrives, also from clients who have hung up meanwhile. */
  readonly heal: Effect.Effect<void>
}

export interface TcpProxyOptions {
  readonly host?: string
  /** Where it leads. */
  readonly port: number
  readonly tap?: (link: Link) => Tap
}

const join = (link: Link, { fromClient, fromServer, serverGone, toClient }: Tap) => {
  const { client, server } = link
  const pass = (bytes: Buffer) => link.toClient.push(bytes)
  for (const socket of [client, server]) socket.setNoDelay(true)
  client.on("data", (bytes: Buffer) => {
    fromClient?.(bytes)
    link.toServer.push(bytes)
  })
  server.on("data", (bytes: Buffer) => {
    fromServer?.(bytes)
    if (toClient === undefined) pass(bytes)
    else toClient(bytes, pass)
  })
  client.on("close", () => link.hangUp())
  client.on("error", () => client.destroy())
  server.on("error", () => server.destroy())
  server.on("close", () => {
    serverGone?.()
    link.serverGone()
  })
}

const listening = (accept: (client: Socket) => void) =>
  Effect.callback<Server>((resume) => {
    const server = createServer(accept)
    server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
  })

/** A TCP proxy on this machine through which everything passes until a fault is asked for. It goes with the scope. */
export const make = Effect.fn("TcpProxy.make")(function* ({
  host = "127.0.0.1",
  port: to,
  tap = () => ({})
}: TcpProxyOptions) {
  const links = new Set<Link>()
  const weather: Weather = { delay: 0, perSecond: Number.POSITIVE_INFINITY, dark: false, cutAfter: undefined }
  let refusing = false

  const accept = (client: Socket) => {
    if (refusing) {
      client.resetAndDestroy()
      return
    }
    const link = new Link(client, openSocket({ host, port: to }), weather)
    links.add(link)
    link.server.once("close", () => links.delete(link))
    join(link, tap(link))
  }
  const server = yield* Effect.acquireRelease(listening(accept), (open) =>
    Effect.sync(() => {
      open.close()
      for (const link of links) link.destroy()
    })
  )
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0

  const cutAll = Effect.sync(() => {
    for (const link of links) link.reset()
  })
  const change = (next: Partial<Weather>) => Effect.sync(() => void Object.assign(weather, next))

  return {
    port,
    links: () => links.size,
    delay: (delay) => change({ delay }),
    throttle: (perSecond) => change({ perSecond }),
    blackhole: Effect.sync(() => {
      weather.dark = true
      for (const link of links) link.darken()
    }),
    forget: change({ dark: false }),
    refuse: Effect.suspend(() => {
      refusing = true
      return cutAll
    }),
    cutAll,
    cutAfter: (bytes) =>
      Effect.sync(() => {
        weather.cutAfter = bytes
        for (const link of links) link.endAfter(bytes())
      }),
    heal: Effect.sync(() => {
      refusing = false
      Object.assign(weather, {
        delay: 0,
        perSecond: Number.POSITIVE_INFINITY,
        dark: false,
        cutAfter: undefined
      })
      for (const link of links) {
        link.endAfter(Number.POSITIVE_INFINITY)
        link.letThrough()
      }
    })
  } satisfies TcpProxy
})
