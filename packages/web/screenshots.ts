import { spawn } from "node:child_process"
import { once } from "node:events"
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core"

// Takes the README's pictures: `npm run screenshots`. Starts the service on a new folder, plays the demo, and looks at
// it in Debian's Chromium.

const repository = join(import.meta.dirname, "../..")
const pictures = join(repository, "docs/pictures")

const start = async (dataDir: string) => {
  const child = spawn(process.execPath, [join(repository, "packages/server/src/main.ts")], {
    env: { PATH: process.env.PATH, PORT: "0", DATA_DIR: dataDir, LOG_LEVEL: "Warn" },
    stdio: ["ignore", "pipe", "inherit"]
  })
  let output = ""
  const started = Promise.withResolvers<string>()
  child.stdout.on("data", (chunk) => {
    output += chunk
    const origin = /messenger\s+(http:\S+)/.exec(output)?.[1]
    if (origin !== undefined) started.resolve(origin)
  })
  child.once("exit", () => started.reject(new Error(`the service did not start:\n${output}`)))
  return { child, origin: await started.promise }
}

const playDemo = async (origin: string) => {
  const child = spawn(process.execPath, [join(repository, "packages/server/demo/demo.ts")], {
    env: { INDELIBLE_URL: origin },
    stdio: ["ignore", "ignore", "inherit"]
  })
  const [code] = await once(child, "exit")
  if (code !== 0) throw new Error(`the demo ended with ${code}`)
}

interface Picture {
  readonly name: string
  readonly as: string
  readonly context: BrowserContextOptions
  /** From the list of conversations on, which is shown. */
  readonly show: (page: Page) => Promise<void>
}

const desktop = { viewport: { width: 1280, height: 800 }, colorScheme: "light", locale: "en-GB" } as const
const phone = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  colorScheme: "dark",
  isMobile: true,
  hasTouch: true,
  locale: "en-GB"
} as const

/** By what stands in the list of conversations alone: the sign-in has the same names. */
const open = (page: Page, name: string) => page.locator(".list-pane").getByText(name).first().click()

const all: ReadonlyArray<Picture> = [
  {
    name: "desktop",
    as: "Noor Haddad",
    context: desktop,
    show: async (page) => {
      await open(page, "Kenji Tanaka")
      await page.getByText("the big donabe? 89 €").last().waitFor()
    }
  },
  {
    name: "phone",
    as: "Lukas Weber",
    context: phone,
    show: async (page) => {
      await open(page, "Noor Haddad")
      await page.getByText("Stollen nicht vergessen").last().waitFor()
    }
  },
  {
    name: "arabic",
    as: "أميرة منصور",
    context: { ...desktop, locale: "ar" },
    show: async (page) => {
      await open(page, "Noor Haddad")
      await page.getByText("هل يناسبكِ أن تدرّبي").last().waitFor()
    }
  },
  {
    name: "search",
    as: "Kenji Tanaka",
    context: desktop,
    show: async (page) => {
      await page.getByRole("searchbox").first().fill("donburi")
      await page.locator("mark").first().click()
      await page.getByText("you will queue for").last().waitFor()
    }
  }
]

const take = async (browser: Browser, origin: string, { as, context, name, show }: Picture) => {
  const opened = await browser.newContext({
    timezoneId: "Europe/Berlin",
    reducedMotion: "reduce",
    ...context
  })
  const page = await opened.newPage()
  await page.goto(origin)
  await page.getByRole("searchbox").fill(as)
  await page.getByRole("option").click()
  await show(page)
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: join(pictures, `${name}.png`), animations: "disabled", caret: "hide" })
  await opened.close()
  process.stdout.write(`${name}.png\n`)
}

const dataDir = mkdtempSync(join(tmpdir(), "indelible-pictures-"))
// As root the database server runs under another account.
chmodSync(dataDir, 0o755)
mkdirSync(pictures, { recursive: true })
const { child, origin } = await start(dataDir)
try {
  await playDemo(origin)
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] })
  try {
    for (const picture of all) await take(browser, origin, picture)
  } finally {
    await browser.close()
  }
} finally {
  const ended = once(child, "exit")
  child.kill("SIGTERM")
  await ended
  rmSync(dataDir, { recursive: true, force: true })
}
