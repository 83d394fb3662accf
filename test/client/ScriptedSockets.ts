import { me } from "./Histories.ts"

/** What the service does with a socket from the moment that it is signed in, or instead of signing it in. */
export type Welcome = "signed in" | { readonly close: number } | "nothing"

/** Sockets without a network, as `WebSocket` makes them: each is met as the next of the script says. */
export const scriptedSockets = (...script: ReadonlyArray<Welcome>) => {
  const made: Array<Scripted> = []
  const tokens: Array<string> = []

  class Scripted {
    static readonly OPEN = 1
    readyState = 0
    onopen: (() => void) | null = null
    onmessage: ((event: { readonly data: unknown }) => void) | null = null
    onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null = null
    onerror: (() => void) | null = null
    readonly welcome: Welcome

    constructor() {
      this.welcome = script[made.length] ?? "signed in"
      made.push(this)
      queueMicrotask(() => {
        this.readyState = 1
        this.onopen?.()
      })
    }

    send(text: string) {
      const { id, token, type } = JSON.parse(text)
      if (type !== "authenticate") return
      tokens.push(token)
      const { welcome } = this
      if (welcome === "nothing") return
      if (welcome !== "signed in") return this.end(welcome.close)
      this.hears({ type: "authenticated", id, userId: me, expiresAt: "2100-01-01T00:00:00.000Z" })
    }

    hears(frame: object) {
      this.onmessage?.({ data: JSON.stringify(frame) })
    }

    end(code: number) {
      if (this.readyState === 3) return
      this.readyState = 3
      this.onclose?.({ code, reason: `closed with ${code}` })
    }

    close() {
      this.end(1000)
    }
  }
  return { Socket: Scripted, made, tokens }
}
