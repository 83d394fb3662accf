import { createServer } from "node:net"
import { Effect, Random } from "effect"

/** Systems give outgoing connections higher ones. */
const among = [20_000, 32_000] as const

const tryOut = (port: number) =>
  Effect.callback<number, Error>((resume) => {
    const server = createServer()
    server.once("error", (error) => resume(Effect.fail(error)))
    server.listen(port, "127.0.0.1", () => server.close(() => resume(Effect.succeed(port))))
  })

/** A free port on the loopback, which is still free when a server that was down for a while comes back to it. */
export const keptPort = Effect.flatMap(Random.nextIntBetween(...among), tryOut).pipe(
  Effect.retry({ times: 50 })
)
