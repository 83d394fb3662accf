import { once } from "node:events"
import { connect, type Socket } from "node:net"

/** A connection on which a test writes what no client library would. */
export const rawHttp = async (port: number) => {
  const socket: Socket = connect(port, "127.0.0.1")
  await once(socket, "connect")
  socket.setEncoding("latin1")
  socket.on("error", () => {})
  let received = ""
  socket.on("data", (chunk: string) => {
    received += chunk
  })
  const closed = once(socket, "close")
  return {
    write: (text: string) => void socket.write(text, "latin1"),
    received: () => received,
    /** All that came until the other side hung up. */
    closed: async () => {
      await closed
      return received
    },
    /** Waits for a text to arrive. */
    until: async (text: string) => {
      while (!received.includes(text)) await Promise.race([once(socket, "data"), closed])
      return received
    },
    end: () => socket.destroy()
  }
}
