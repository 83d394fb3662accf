import * as MemoryLiveBus from "@indelible/infrastructure/memory/MemoryLiveBus"
import { Effect, Layer, References } from "effect"
import * as TestRedis from "../servers/TestRedis.ts"
import { join } from "./BusOnRedis.ts"
import { liveBusContract, Members } from "./liveBusContract.ts"

const inMemory = Effect.flatMap(MemoryLiveBus.makeBus, (member) => Effect.all([member, member, member]))
liveBusContract("memory", Layer.effect(Members, inMemory))

// A machine without Redis has been told why.
for (const kind of TestRedis.redisKinds.filter((each) => !TestRedis.redisIsMissing(each))) {
  const onRedis = Effect.gen(function* () {
    const url = yield* TestRedis.start(kind)
    const member = Effect.map(join(url), ({ bus }) => bus)
    return yield* Effect.all([member, member, member])
  })
  const silent = Layer.succeed(References.MinimumLogLevel, "None")
  liveBusContract(`Redis (${kind})`, Layer.effect(Members, onRedis).pipe(Layer.provide(silent)))
}
