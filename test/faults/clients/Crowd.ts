import { Cause, Deferred, Effect, Fiber } from "effect"
import { Started } from "../../http/Answers.ts"
import { ask } from "../../http/Ask.ts"
import type { Seed } from "../../torture/Seed.ts"
import type { Recorder } from "../history/Recorder.ts"
import type { NodeName, World } from "../world/World.ts"
import { Device, type Entrance } from "./Device.ts"
import { listens, responds } from "./DeviceLife.ts"
import type { Person } from "./Person.ts"
import * as RestSender from "./RestSender.ts"
import type { Sender } from "./Sender.ts"

export interface CrowdOptions {
  /** Before their names: no two crowds of a world have the same people. */
  readonly prefix: string
  readonly conversations: number
  /** Of a person, by their number. Two of three have two, on different nodes, unless told. */
  readonly devicesEach?: (person: number) => number
  /** Whether everybody sends over HTTP, and not one in four. */
  readonly overHttp: boolean
  readonly world: World
  readonly recorder: Recorder
  readonly seed: Seed
}

const usualDevices = (person: number) => (person % 3 === 2 ? 1 : 2)
const otherNode = (node: NodeName): NodeName => (node === "a" ? "b" : "a")

/** Requests of the platform's, past every proxy. */
const platformOf = Effect.fnUntraced(function* (world: World) {
  const headers = { authorization: `Bearer ${yield* world.tokenOf("platform", "service")}` }
  return (path: string, body: unknown) =>
    Effect.tryPromise(() => ask(world.nodes.a.origin, "PUT", `/directory/${path}`, body, { headers }))
})

/** Two people of an application who talk: a business may have several, a worker has this one. */
interface Pair {
  readonly id: string
  readonly business: string
  readonly worker: string
}

/** Every business talks with two. */
const pairs = (prefix: string, count: number): ReadonlyArray<Pair> =>
  Array.from({ length: count }, (_, i) => ({
    id: `${prefix}-${i}`,
    business: `${prefix}-b${i >> 1}`,
    worker: `${prefix}-w${i}`
  }))

const introduce = Effect.fnUntraced(function* (world: World, all: ReadonlyArray<Pair>) {
  const put = yield* platformOf(world)
  const person = (role: string) => (id: string) =>
    put(`users/${id}`, { name: id, email: `${id}@example.com`, role, status: "active" })
  const businesses = [...new Set(all.map(({ business }) => business))]
  yield* Effect.forEach(businesses, person("business"), { concurrency: 8, discard: true })
  yield* Effect.forEach(
    all.map(({ worker }) => worker),
    person("worker"),
    { concurrency: 8, discard: true }
  )
  return yield* Effect.forEach(
    all,
    Effect.fnUntraced(function* ({ business, id, worker }) {
      yield* put(`applications/${id}`, { business, worker, status: "open" })
      const headers = { authorization: `Bearer ${yield* world.tokenOf(business)}` }
      const started = yield* Effect.tryPromise(async () =>
        (await ask(world.nodes.a.origin, "POST", "/conversations", { applicationId: id }, { headers })).as(
          Started
        )
      )
      return { business, worker, conv: started.conversation.id }
    }),
    { concurrency: 8 }
  )
})

/** People in conversations, with devices on both nodes, and some who send over HTTP. All of it ends with the scope. */
export const make = Effect.fn("Crowd.make")(function* (options: CrowdOptions) {
  const { conversations, devicesEach = usualDevices, overHttp, prefix, recorder, seed, world } = options
  const talks = yield* introduce(world, pairs(prefix, conversations))
  const names = [...new Set(talks.flatMap(({ business, worker }) => [business, worker]))]
  const people = yield* Effect.forEach(names, (userId) =>
    Effect.map(
      world.tokenOf(userId),
      (token): Person => ({
        userId,
        token,
        conversations: talks
          .filter(({ business, worker }) => business === userId || worker === userId)
          .map(({ conv }) => conv)
      })
    )
  )
  /** Every other device comes in by a door of its own, which may be shut alone. */
  const waysFrom = (home: NodeName, aside: boolean) => {
    const way = (node: NodeName): Entrance => {
      const { entrance, sideDoor } = world.nodes[node]
      return { node, port: (aside ? sideDoor : entrance).port }
    }
    return [way(home), way(otherNode(home))] as const
  }
  const owned = people.map((person, i) => ({
    person,
    devices: Array.from({ length: devicesEach(i) }, (_, number) => {
      const home = (i + number) % 2 === 0 ? "a" : "b"
      const entrances = waysFrom(home, (i + number) % 4 > 1)
      const name = `${person.userId}/${number + 1}`
      return new Device({ name, person, entrances, recorder, seed })
    })
  }))
  const devices = owned.flatMap((each) => each.devices)
  const senders = owned.flatMap(({ devices: [first], person }, i): ReadonlyArray<Sender> => {
    if (overHttp || i % 4 === 3) {
      return [RestSender.make({ person, entrances: waysFrom("a", false), recorder, seed })]
    }
    return first === undefined ? [] : [first]
  })

  const scope = yield* Effect.scope
  const broke = Deferred.makeUnsafe<never>()
  const all = (life: (device: Device) => Effect.Effect<never>) =>
    Effect.forkScoped(Effect.forEach(devices, observed(life), { concurrency: "unbounded", discard: true }))
  /** A device that ends by a mistake of its own must not pass for one that is away. */
  const observed = (life: (device: Device) => Effect.Effect<never>) => (device: Device) =>
    Effect.tapCause(life(device), (cause) =>
      Cause.hasInterruptsOnly(cause) ? Effect.void : Deferred.failCause(broke, cause)
    )
  yield* all(listens)
  const responding = yield* all(responds)
  const areConnected = () => devices.every(({ isConnected, resuming }) => isConnected && !resuming)

  return {
    people,
    devices,
    senders,
    talks,
    /** Everybody is, and has what was there when they came. */
    areConnected,
    /** Fails when a device ends by itself. */
    broke: Deferred.await(broke),
    /** One more device, which only listens. */
    join: (device: Device) =>
      Effect.andThen(
        Effect.sync(() => devices.push(device)),
        Effect.forkIn(observed(listens)(device), scope)
      ),
    /** From here on nobody acknowledges or reads any more. */
    hush: Fiber.interrupt(responding)
  }
})

export type Crowd = Effect.Success<ReturnType<typeof make>>
