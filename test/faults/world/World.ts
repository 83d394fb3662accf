import { randomBytes } from "node:crypto"
import { join } from "node:path"
import * as DataHome from "@indelible/infrastructure/embedded/DataHome"
import * as PostgresBinaries from "@indelible/infrastructure/embedded/PostgresBinaries"
import { ownerOf } from "@indelible/projections/engine/Owner"
import { projections } from "@indelible/projections/projections"
import { Effect, Layer, Redacted } from "effect"
import { ampleLimits } from "../../servers/AmpleLimits.ts"
import * as KillablePostgres from "../../servers/KillablePostgres.ts"
import * as Platform from "../../servers/Platform.ts"
import { redisPrograms } from "../../servers/RedisPrograms.ts"
import * as RedisServer from "../../servers/RedisServer.ts"
import * as TestFolder from "../../servers/TestFolder.ts"
import { Slack } from "../Slack.ts"
import * as Onlooker from "./Onlooker.ts"
import * as ProductNode from "./ProductNode.ts"

/** Two nodes, and those who look on. */
const settings = { max_connections: "150" }

/** Seconds, times the slack: so that lines which died in silence are found while a run looks on. */
export const pingInterval = 2

/** The product of this working tree. */
export const thisProduct = join(import.meta.dirname, "../../../packages/server/src/main.ts")

export interface WorldOptions {
  readonly program: string
}

/** Two nodes of the product on one Postgres and one Redis, each part behind a proxy of its own for each node. */
export const make = Effect.fn("World.make")(function* ({ program }: WorldOptions) {
  const binaries = yield* PostgresBinaries.locate(yield* DataHome.find(yield* TestFolder.make))
  const postgres = yield* KillablePostgres.make(binaries, settings)
  yield* postgres.start
  const redis = redisPrograms === undefined ? undefined : yield* RedisServer.make()
  if (redis !== undefined) yield* redis.start
  const masterKey = randomBytes(32).toString("hex")
  const environment = {
    MASTER_KEY: masterKey,
    ...Platform.environment,
    LOG_LEVEL: "Info",
    PING_INTERVAL: String(Math.ceil(pingInterval * (yield* Slack))),
    ...ampleLimits
  }
  const node = (name: string) =>
    ProductNode.make({ name, program, database: postgres.url, redis: redis?.url, environment })
  const [a, b] = yield* Effect.all([node("a"), node("b")])
  yield* Effect.all([a.start(), b.start()], { concurrency: 2, discard: true })
  const onlooker = yield* Layer.build(Onlooker.layer(postgres.url, Redacted.make(masterKey)))

  /** A token as the platform issues it. */
  const tokenOf = (userId: string, role?: "service") => Effect.promise(() => Platform.tokenOf(userId, role))

  /** The node that keeps each projection, by projection; null while nobody does. */
  const owners = Effect.map(
    Effect.forEach(projections, ({ name }) => Effect.map(ownerOf(name), (node) => [name, node] as const)),
    (all): Readonly<Record<string, string | null>> => Object.fromEntries(all)
  ).pipe(Effect.provideContext(onlooker))

  return {
    postgres,
    /** Absent where there are no programs of it. */
    redis,
    nodes: { a, b },
    both: [a, b] as const,
    onlooker,
    owners,
    tokenOf
  }
})

export type World = Effect.Success<ReturnType<typeof make>>
export type NodeName = keyof World["nodes"]
