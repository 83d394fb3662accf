import { join } from "node:path"
import { Console, Effect } from "effect"
import { bareServer } from "../BareServer.ts"
import { residentBytes } from "../ProcessFigures.ts"
import { atMost, type Report, rounded } from "../Report.ts"
import { type Stage, socketUrl } from "../Stage.ts"

/** Options for Node of a server whose memory is looked at. */
export const collectable = ["--expose-gc", "--import", join(import.meta.dirname, "../CollectOnSignal.ts")]

const goalKilobytes = 12
/** Sockets that come and go first, so that the code they run is compiled and counted to nobody. */
const warmUp = 200

interface Memory {
  /** Bytes, as it stands a moment after the last connected. */
  readonly standing: number
  /** The same after a collection. */
  readonly collected: number
}

const memoryOf = Effect.fnUntraced(function* (pid: number) {
  yield* Effect.sleep("2 seconds")
  const standing = yield* residentBytes(pid)
  // What finalizers let go of, and what the heap gives back, goes with a later one.
  for (const _ of [1, 2, 3]) {
    yield* Effect.sync(() => process.kill(pid, "SIGUSR2"))
    yield* Effect.sleep("1 second")
  }
  return { standing, collected: yield* residentBytes(pid) } satisfies Memory
})

/** What each of so many idle connections takes of a server's memory, in bytes. */
const perConnection = Effect.fnUntraced(function* (
  { client, scale }: Stage,
  server: { readonly pid: number; readonly url: string; readonly what: string },
  tokens: ReadonlyArray<string | null>
) {
  const connect = (from: number, to: number) =>
    client.calls.Connect({ url: server.url, tokens: tokens.slice(from, to) })
  yield* connect(0, warmUp)
  yield* client.calls.Leave()
  const { collected: before } = yield* memoryOf(server.pid)
  const found: Array<Memory> = []
  let connected = 0
  for (const count of scale.connections) {
    yield* Console.error(`connections: ${count} to ${server.what}`)
    yield* connect(connected, count)
    connected = count
    const { collected, standing } = yield* memoryOf(server.pid)
    const open = yield* client.calls.Open()
    if (open !== count) return yield* Effect.fail(new Error(`${count - open} of ${count} lines were closed`))
    found.push({ standing: (standing - before) / count, collected: (collected - before) / count })
  }
  yield* client.calls.Leave()
  return found
})

/** Memory of idle connections that said who they are, beside those of a bare server on `ws`. */
export const connections = Effect.fnUntraced(function* (stage: Stage) {
  const bare = { ...(yield* bareServer(collectable)), what: "a bare server" }
  const tokens = stage.population.people.map(({ token }) => token)
  const nobody = tokens.map(() => null)
  const ofBare = yield* perConnection(stage, bare, nobody)
  // One that has answered nothing yet, whose garbage would be in the figures; and no projectors, whose memory is
  // another matter.
  const service = yield* stage.freshService({ NODE_NAME: "fresh", ROLES: "edge" })
  const edge = { pid: service.pid, url: socketUrl({ service }), what: "the service" }
  const ofService = yield* perConnection(stage, edge, tokens)

  const kilobytes = (bytes = Number.NaN) => rounded(bytes / 1_024)
  const lines = stage.scale.connections.map((count, n) => ({
    connections: count,
    "KB each": kilobytes(ofService[n]?.collected),
    "before a collection": kilobytes(ofService[n]?.standing),
    "bare ws": kilobytes(ofBare[n]?.collected),
    "bare, before a collection": kilobytes(ofBare[n]?.standing)
  }))
  const most = lines.at(-1)
  return {
    tables: { "memory of idle connections": lines },
    goals: [
      atMost(
        `memory of each of ${most?.connections} idle connections`,
        most?.["KB each"] ?? Number.NaN,
        goalKilobytes,
        "KB"
      )
    ]
  } satisfies Report
}, Effect.scoped)
