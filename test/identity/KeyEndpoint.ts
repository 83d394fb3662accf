import { createServer, type ServerResponse } from "node:http"
import { Effect } from "effect"
import type { JWK } from "jose"

type Answer = (response: ServerResponse) => void

/** A key endpoint on this machine that can be made to misbehave and counts what it is asked. */
export const make = Effect.acquireRelease(
  Effect.promise(async () => {
    const endpoint = { asked: 0, answer: (response: ServerResponse): void => void response.destroy() }
    const server = createServer((_request, response) => {
      endpoint.asked += 1
      endpoint.answer(response)
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const address = server.address()
    if (address === null || typeof address === "string") throw new Error("no port")
    return { endpoint, server, url: new URL(`http://127.0.0.1:${address.port}/keys`) }
  }),
  ({ server }) =>
    Effect.promise(async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    })
)

export const keys =
  (...keys: ReadonlyArray<JWK>): Answer =>
  (response) =>
    void response.setHeader("content-type", "application/json").end(JSON.stringify({ keys }))

export const status =
  (code: number): Answer =>
  (response) =>
    void response.writeHead(code).end("no keys here")

/** The headers come, the body never ends. */
export const stalling: Answer = (response) => void response.writeHead(200).write('{"keys":[')

/** Goes on until the reader hangs up. */
export const endless: Answer = (response) => {
  const chunk = Buffer.alloc(64 * 1_024, " ")
  const pump = () => {
    while (!response.destroyed && response.write(chunk));
  }
  response.writeHead(200)
  response.on("drain", pump).on("error", () => {})
  pump()
}

export const text =
  (body: string): Answer =>
  (response) =>
    void response.end(body)

export const redirect =
  (to: string): Answer =>
  (response) =>
    void response.writeHead(302, { location: to }).end()
