import { once } from "node:events"
import { createServer, type IncomingMessage, request } from "node:http"
import { connect } from "node:net"
import { text } from "node:stream/consumers"

/** What the proxy makes of the body of an answer; most leave as they came. */
export type Forge = (answer: {
  readonly path: string
  /** The `Authorization` of whoever asked. */
  readonly token: string | undefined
  readonly body: string
}) => string

/**
 * A proxy before the service that changes an answer on its way, and lets everything else through, sockets included: what
 * a client sees then differs from what is on record.
 *
 * @returns its origin, and how to end it
 */
export const start = async (port: number, forge: Forge) => {
  const forged = async ({ headers, url = "/" }: IncomingMessage, answer: IncomingMessage) => {
    const { pathname: path } = new URL(url, "http://proxy")
    return Buffer.from(forge({ path, token: headers.authorization, body: await text(answer) }))
  }
  const server = createServer((asked, reply) => {
    const { headers, method, url } = asked
    const onward = request({ host: "127.0.0.1", port, method, path: url, headers }, async (answer) => {
      const body = await forged(asked, answer)
      const { "transfer-encoding": _chunked, ...kept } = answer.headers
      reply.writeHead(answer.statusCode ?? 502, { ...kept, "content-length": body.length })
      reply.end(body)
    })
    asked.pipe(onward)
  })
  server.on("upgrade", ({ headers, url }, socket, head) => {
    const onward = connect(port, "127.0.0.1", () => {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
      onward.write(`GET ${url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`)
      onward.write(head)
      socket.pipe(onward).pipe(socket)
    })
    for (const end of [socket, onward])
      end.on("error", () => [socket, onward].forEach((both) => void both.destroy()))
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("not listening on TCP")
  return {
    origin: `http://127.0.0.1:${address.port}`,
    end: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    }
  }
}
