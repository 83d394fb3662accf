import { createServer } from "node:http"
import { WebSocketServer } from "ws"

/** What any server on `ws` takes: sockets that are listened to and kept in a set, and nothing else. */
const server = createServer((_, response) => response.end())
const sockets = new Set()
new WebSocketServer({ server, clientTracking: false, perMessageDeflate: false }).on(
  "connection",
  (socket) => {
    sockets.add(socket)
    socket.on("message", () => {})
    socket.on("error", () => {})
    socket.on("close", () => sockets.delete(socket))
  }
)
server.listen(Number(process.argv[2]), "127.0.0.1")
process.once("SIGTERM", () => process.exit())
