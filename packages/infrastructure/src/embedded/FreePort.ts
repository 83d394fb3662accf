import { createServer } from "node:net"
import { Effect } from "effect"
import { ServerFailed } from "./EmbeddedPostgresError.ts"

/** A port on the loopback that nobody listened on a moment ago. The caller must expect to lose a race for it. */
export const freePort = Effect.callback<number, ServerFailed>((resume) => {
  const server = createServer()
  server.once("error", (cause) =>
    resume(Effect.fail(new ServerFailed({ program: "postgres", output: "no free port on 127.0.0.1", cause })))
  )
  server.listen(0, "127.0.0.1", () => {
    const address = server.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    server.close(() => resume(Effect.succeed(port)))
  })
})
