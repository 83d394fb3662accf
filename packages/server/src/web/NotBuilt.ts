import { HttpServerResponse } from "effect/http"
import { policyFor } from "../http/pages/ContentPolicy.ts"

const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Indelible</title><style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}</style></head><body><h1>The messenger is not built</h1><p><code>npm run build</code> makes it; then start the service again. Everything else works: <a href="/docs">the interface</a>.</p></body></html>`

/** What stands in the messenger's place while it is not built. */
export const notBuilt = HttpServerResponse.text(html, {
  status: 503,
  contentType: "text/html; charset=utf-8",
  headers: {
    "content-security-policy": policyFor(html),
    "x-frame-options": "DENY",
    "cache-control": "no-cache"
  }
})
