import { existsSync } from "node:fs"
import { type Browser, chromium as playwright } from "playwright-core"

const places = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"]

/** The browser of this machine, or where `CHROMIUM` says it is; undefined: there is none. CI must have one. */
export const chromium: string | undefined = (() => {
  const found = places.find((path) => path !== undefined && existsSync(path))
  if (found !== undefined) return found
  const reason = "set CHROMIUM to the path of a Chromium, or install /usr/bin/chromium"
  if (process.env.CI === "true") throw new Error(`No browser for the tests: ${reason}`)
  console.warn(`Tests in a browser are skipped: ${reason}`)
  return undefined
})()

/** A browser of one's own, with nothing kept from before. Close it. */
export const launch = (): Promise<Browser> => {
  if (chromium === undefined) throw new Error("There is no browser: skip what needs one")
  // Containers run as root, where Chromium has no sandbox; pages here are our own.
  return playwright.launch({ executablePath: chromium, args: ["--no-sandbox"] })
}
