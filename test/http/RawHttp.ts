import { once } from "node:events"
import { connect, type Socket } from "node:net"

/** A connection on which a test writes what no client library would. */
export const rawHttp = async (port: number) => {
  const socket: Socket = connect(port, "127.0.0.1")
  await once(socket, "connect")
  socket.setEncoding("latin1")
  // A reset is an end like any other here.
  socket.on("error", () => {})
  let received = ""
  socket.on("data", (chunk: string) => {
    received += chunk
  })
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()))
  const more = () => new Promise<void>((resolve) => socket.once("data", () => resolve()))
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
      while (!received.includes(text) && !socket.closed) await Promise.race([more(), closed])
      return received
    },
    end: () => socket.destroy()
  }
}
