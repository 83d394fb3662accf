import { readdir, readFile } from "node:fs/promises"
import { extname } from "node:path"
import { Effect, Layer } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"

/** A file of the page could not be read: the program is not whole. */
const whole = <A>(read: () => Promise<A>) => Effect.orDie(Effect.tryPromise(read))

const types: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8"
}

const html = "text/html; charset=utf-8"

/**
 * Nothing runs, loads or connects but what this server itself serves; `'self'` includes the WebSocket beside it (CSP
 * level 3). So a message that got past every escaping would still be only text.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'"
].join("; ")

const headers = {
  "content-security-policy": contentSecurityPolicy,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "cache-control": "no-cache"
}

const folder = new URL("./", import.meta.url)

const answer = (name: string, contentType: string) =>
  Effect.map(
    whole(() => readFile(new URL(name, folder))),
    (body) => HttpServerResponse.uint8Array(body, { contentType, headers })
  )

const routes = Effect.gen(function* () {
  const files = yield* whole(() => readdir(folder))
  const parts = files.flatMap((name) => {
    const type = types[extname(name)]
    return type === undefined ? [] : [{ name, type }]
  })
  const assets = yield* Effect.forEach(parts, ({ name, type }) =>
    Effect.map(answer(name, type), (response) => HttpRouter.route("GET", `/page/${name}`, response))
  )
  return [HttpRouter.route("GET", "/", yield* answer("index.html", html)), ...assets]
})

/**
 * A plain page at `/` that lets one be both people of a conversation, a tab each. It goes by the development sign-in, so
 * mount it only where that is: never in production.
 */
export const layer = Layer.unwrap(Effect.map(routes, (all) => HttpRouter.addAll(all)))
