import { randomBytes, randomUUID } from "node:crypto"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { Effect, Exit, Redacted, Scope } from "effect"
import type { Browser, BrowserContext, BrowserContextOptions } from "playwright-core"
import { afterAll, beforeAll } from "vitest"
import * as TcpProxy from "../faults/TcpProxy.ts"
import { Started, Token } from "../http/Answers.ts"
import { ask } from "../http/Ask.ts"
import * as NodeProcess from "../nodes/NodeProcess.ts"
import { ampleLimits } from "../servers/AmpleLimits.ts"
import { keptPort } from "../servers/KeptPort.ts"
import * as TestDatabase from "../servers/TestDatabase.ts"
import * as TestFolder from "../servers/TestFolder.ts"
import { chromium, launch } from "./Chromium.ts"
import { Visitor } from "./Visitor.ts"

const built = join(import.meta.dirname, "../../packages/web/dist/index.html")

interface Names {
  readonly business?: string
  readonly worker?: string
}

/** The product as a process that can be killed, a proxy before it, and a browser before that. */
const make = Effect.gen(function* () {
  if (!existsSync(built)) return yield* Effect.die(new Error("there is no messenger yet: npm run build"))
  const database = yield* TestDatabase.make("embedded")
  const port = yield* keptPort
  const variables = {
    DATABASE_URL: Redacted.value(database),
    MASTER_KEY: randomBytes(32).toString("hex"),
    DATA_DIR: yield* TestFolder.make,
    NODE_NAME: "browser",
    PORT: String(port),
    ...ampleLimits
  }
  const scope = yield* Effect.scope
  const start = Scope.provide(NodeProcess.start(variables), scope)
  const [first, browser] = yield* Effect.all(
    [start, Effect.acquireRelease(Effect.promise(launch), (open) => Effect.promise(() => open.close()))],
    { concurrency: 2 }
  )
  const proxy = yield* TcpProxy.make({ port })
  return { start, first, browser, proxy, port }
})

type Made = Effect.Success<typeof make>

class BrowserWorld {
  readonly #made: Made
  readonly #contexts = new Set<BrowserContext>()
  #node: Effect.Success<Made["start"]>

  constructor(made: Made) {
    this.#made = made
    this.#node = made.first
  }

  get browser(): Browser {
    return this.#made.browser
  }

  /** Where pages find the service: what passes there can be made to fail. */
  get origin(): string {
    return `http://127.0.0.1:${this.#made.proxy.port}`
  }

  get proxy(): TcpProxy.TcpProxy {
    return this.#made.proxy
  }

  readonly run = <A, E>(effect: Effect.Effect<A, E>): Promise<A> => Effect.runPromise(effect)

  async kill9(): Promise<void> {
    await this.run(this.#node.kill9)
  }

  async restart(): Promise<void> {
    this.#node = await this.run(this.#made.start)
  }

  async #bearing(userId: string, role?: "service") {
    const origin = `http://127.0.0.1:${this.#made.port}`
    const signedIn = await ask(origin, "POST", "/development/sign-in", { userId, ...(role && { role }) })
    const headers = { authorization: `Bearer ${signedIn.as(Token).token}` }
    return (method: string, path: string, body?: unknown) => ask(origin, method, path, body, { headers })
  }

  /** Two people with a conversation, and each as a program. */
  async pair({ business = "Acme Bakery", worker = "Wanda Worker" }: Names = {}) {
    const key = randomUUID().slice(0, 8)
    const ids = { business: `business-${key}`, worker: `worker-${key}` }
    const platform = await this.#bearing("platform", "service")
    for (const [role, name] of [
      ["business", business],
      ["worker", worker]
    ] as const) {
      const person = { name, email: `${ids[role]}@example.com`, role, status: "active" }
      await platform("PUT", `/directory/users/${ids[role]}`, person)
    }
    const applicationId = `application-${key}`
    await platform("PUT", `/directory/applications/${applicationId}`, { ...ids, status: "open" })
    const asBusiness = await this.#bearing(ids.business)
    const started = await asBusiness("POST", "/conversations", { applicationId })
    const { id } = started.as(Started).conversation
    const sayer = (by: Awaited<ReturnType<BrowserWorld["programOf"]>>) => (text: string) =>
      by("POST", `/conversations/${id}/messages`, { type: "TEXT", clientMessageId: randomUUID(), text })
    const asWorker = await this.#bearing(ids.worker)
    return {
      ids,
      id,
      names: { business, worker },
      say: { business: sayer(asBusiness), worker: sayer(asWorker) }
    }
  }

  programOf(userId: string) {
    return this.#bearing(userId)
  }

  /** Somebody with a browser of their own, signed in and looking at `path`. */
  async visitor(userId: string, path = "/", options: BrowserContextOptions = {}): Promise<Visitor> {
    const context = await this.browser.newContext({ locale: "en-GB", reducedMotion: "reduce", ...options })
    this.#contexts.add(context)
    return Visitor.enter(context, this.origin, userId, path)
  }

  /** After each test: nobody is left. */
  async leave(): Promise<void> {
    for (const context of this.#contexts) await context.close()
    this.#contexts.clear()
    await this.run(this.proxy.heal)
  }
}

/** One for all tests of a file. */
export const forThisFile = (): (() => BrowserWorld) => {
  const scope = Scope.makeUnsafe()
  let world: BrowserWorld | undefined
  beforeAll(async () => {
    if (chromium === undefined) return
    world = new BrowserWorld(await Effect.runPromise(Scope.provide(make, scope)))
  })
  afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))
  return () => {
    if (world === undefined) throw new Error("there is no browser")
    return world
  }
}
