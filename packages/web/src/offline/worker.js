// The messenger's own files, kept so that it opens without a network. What people write and read is not kept here: the
// client has its own store for that.

/** Put in by the build: a hash of the files, and their paths. */
const shell = __SHELL__
const name = `indelible-shell-${shell.version}`

/** Where the messenger itself answers; the same places as the service knows. */
const places = /^\/(?:archived|search|c\/[0-9a-f-]{36})?$/
/** Milliseconds for the network to answer before the kept page does. */
const patience = 4_000

const keep = async () => {
  const cache = await caches.open(name)
  await cache.addAll(shell.files.map((path) => new Request(path, { cache: "reload" })))
  await self.skipWaiting()
}

const forgetOlder = async () => {
  for (const other of await caches.keys()) {
    if (other.startsWith("indelible-shell-") && other !== name) await caches.delete(other)
  }
  await self.clients.claim()
}

const kept = async (path) => (await caches.open(name)).match(path)

/** The page as the service has it now, so that nobody is left with an old one; the kept one where there is no answer. */
const page = async (request) => {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(patience) })
    if (answer.status < 500) return answer
  } catch {
    // No network: that is what the kept page is for.
  }
  return (await kept("/")) ?? Response.error()
}

/** Files are named by what is in them: a kept one is never old. */
const file = async (request, path) => (await kept(path)) ?? fetch(request)

self.addEventListener("install", (event) => event.waitUntil(keep()))
self.addEventListener("activate", (event) => event.waitUntil(forgetOlder()))
self.addEventListener("fetch", (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== "GET" || origin !== self.location.origin) return
  if (request.mode === "navigate") {
    if (places.test(pathname)) event.respondWith(page(request))
  } else if (shell.files.includes(pathname)) event.respondWith(file(request, pathname))
})
