import { type ChildProcess, fork } from "node:child_process"
import { join } from "node:path"
import * as NodeWorker from "@effect/platform-node/NodeWorker"
import { Effect, Layer } from "effect"
import { RpcClient } from "effect/rpc"
import { ClientCalls } from "./ClientCalls.ts"

const program = join(import.meta.dirname, "main.ts")

/**
 * The process of the clients, so that what they cost is not counted as the service's. One is enough: a thousand messages
 * a second take a tenth of a core here, and how late it was itself is told with every latency.
 */
export const clientProcess = Effect.gen(function* () {
  let child: ChildProcess | undefined
  const worker = NodeWorker.layer(() => {
    child = fork(program, { stdio: ["ignore", "ignore", "inherit", "ipc"] })
    return child
  })
  const protocol = yield* Layer.build(RpcClient.layerProtocolWorker({ size: 1 }).pipe(Layer.provide(worker)))
  const calls = yield* Effect.provideContext(RpcClient.make(ClientCalls), protocol)
  return { calls, pid: () => child?.pid ?? 0 }
})

export type ClientProcess = Effect.Success<typeof clientProcess>
