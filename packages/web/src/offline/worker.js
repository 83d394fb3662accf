// The messenger's own files, kept so that it opens without a network. What people write and read is not kept here: the
// client has its own store for that.

/** Put in by the build: a hash of the files, and their paths. */
const shell = __SHELL__
const family = "indelible-shell-"
const name = family + shell.version

/** Where the messenger itself answers; the same places as the service knows. */
const places = /^\/(?:archived|search|c\/[0-9a-f-]{36})?$/
/** Milliseconds for the network to answer before the kept page does. */
const patience = 4_000

const keep = async () => {
  const isNew = !(await caches.has(name))
  const cache = await caches.open(name)
  try {
    await cache.addAll(shell.files.map((path) => new Request(path, { cache: "reload" })))
  } catch (error) {
    // An empty one would count as a version.
    if (isNew) await caches.delete(name)
    throw error
  }
  await self.skipWaiting()
}

/** Oldest first. */
const earlier = async () => (await caches.keys()).filter((one) => one.startsWith(family) && one !== name)

/** A page that is open is of the version before, and may yet want a part that it did not load so far. */
const forgetOlder = async () => {
  for (const old of (await earlier()).slice(0, -1)) await caches.delete(old)
  await self.clients.claim()
}

const kept = async (path) => (await caches.open(name)).match(path)

const keptEarlier = async (path) => {
  for (const old of await earlier()) {
    const found = await caches.match(path, { cacheName: old })
    if (found !== undefined) return found
  }
}

/** The page as the service has it now, so that nobody is left with an old one; the kept one where there is no answer. */
const page = async (request) => {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), patience)
  try {
    const answer = await fetch(request, { signal: late.signal })
    if (answer.status < 500) return answer
  } catch {
    // No network: that is what the kept page is for.
  } finally {
    // It has begun to answer: what follows may take its time.
    clearTimeout(timer)
  }
  return (await kept("/")) ?? Response.error()
}

/** Named by what is in them: a kept one is never old. */
const isHashed = (path) => path.startsWith("/assets/")

const file = async (request, path) => (await kept(path)) ?? (await keptEarlier(path)) ?? fetch(request)

self.addEventListener("install", (event) => event.waitUntil(keep()))
self.addEventListener("activate", (event) => event.waitUntil(forgetOlder()))
self.addEventListener("fetch", (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== "GET" || origin !== self.location.origin) return
  if (request.mode === "navigate") {
    if (places.test(pathname)) event.respondWith(page(request))
  } else if (shell.files.includes(pathname) || isHashed(pathname)) event.respondWith(file(request, pathname))
})
