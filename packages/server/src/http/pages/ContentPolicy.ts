import { createHash } from "node:crypto"

const sha256 = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`

/** A policy that lets a page run the scripts it was served with, by their hashes, and nothing that gets into it later. */
export const policyFor = (html: string): string => {
  const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script = ""]) => sha256(script))
  return [
    "default-src 'none'",
    `script-src ${scripts.join(" ") || "'none'"}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'"
  ].join("; ")
}
