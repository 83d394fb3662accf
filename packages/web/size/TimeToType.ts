import { type Browser, chromium } from "playwright-core"

/** What a device and its network are like. */
export interface Conditions {
  readonly cpu: number
  readonly fast3G: boolean
}

/** What Chromium's developer tools called "Fast 3G" for years; WebSockets are not slowed down by it. */
const FAST_3G = {
  offline: false,
  latency: 562.5,
  downloadThroughput: (1_600 * 1_024 * 0.9) / 8,
  uploadThroughput: (750 * 1_024 * 0.9) / 8
}

interface Talk {
  readonly userId: string
  readonly name: string
  readonly conversationId: string
}

const asked = async (url: string, init?: RequestInit) => {
  const response = await fetch(url, init)
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  return response.json()
}

/** The newest conversation of whom has most of them. */
export const talkOf = async (origin: string): Promise<Talk> => {
  const { people } = await asked(`${origin}/development/people`)
  const [person] = people.toSorted(
    (a: { conversations: number }, b: { conversations: number }) => b.conversations - a.conversations
  )
  const headers = { "content-type": "application/json" }
  const body = JSON.stringify({ userId: person.userId })
  const { token } = await asked(`${origin}/development/sign-in`, { method: "POST", headers, body })
  const authorization = `Bearer ${token}`
  const { conversations } = await asked(`${origin}/conversations`, { headers: { authorization } })
  return { userId: person.userId, name: person.name, conversationId: conversations[0].id }
}

export const launch = (): Promise<Browser> => {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium"
  return chromium.launch({ executablePath, args: ["--no-sandbox"] })
}

declare global {
  interface Window {
    acceptedAt?: number
  }
}

/** Runs in the page, before all of its own: notes when the first key came into the field one writes in. */
const noteFirstKey = () => {
  const look = () => {
    const field = document.querySelector("textarea")
    if (field === null || field.disabled) return void requestAnimationFrame(look)
    const note = () => {
      window.acceptedAt = performance.now()
    }
    field.addEventListener("input", note, { once: true })
    field.focus()
  }
  look()
}

/** Milliseconds from the beginning of a first visit until the open conversation's field takes a key. */
export const timeToType = async (
  browser: Browser,
  origin: string,
  { conversationId, name, userId }: Talk,
  { cpu, fast3G }: Conditions
): Promise<number> => {
  const person = JSON.stringify({ userId, name, keep: "device", way: "development" })
  const localStorage = [{ name: "indelible.person", value: person }]
  const context = await browser.newContext({
    storageState: { cookies: [], origins: [{ origin, localStorage }] }
  })
  try {
    const page = await context.newPage()
    const tools = await context.newCDPSession(page)
    await tools.send("Network.enable")
    if (fast3G) await tools.send("Network.emulateNetworkConditions", FAST_3G)
    await tools.send("Emulation.setCPUThrottlingRate", { rate: cpu })
    await page.addInitScript(noteFirstKey)
    await page.goto(`${origin}/c/${conversationId}`, { waitUntil: "commit" })
    await page.waitForFunction(() => document.activeElement?.tagName === "TEXTAREA", undefined, {
      timeout: 60_000
    })
    await page.keyboard.press("a")
    const accepted = await page.waitForFunction(
      () => document.querySelector("textarea")?.value === "a" && window.acceptedAt
    )
    return Number(await accepted.jsonValue())
  } finally {
    await context.close()
  }
}
