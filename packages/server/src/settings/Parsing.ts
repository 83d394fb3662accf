import { LogLevel, Redacted, Result } from "effect"
import { allRoles, isRole, type Role } from "./Role.ts"

export const anyText = (text: string): Result.Result<string, string> => Result.succeed(text)

export const databaseUrl = (text: string): Result.Result<Redacted.Redacted, string> => {
  const url = URL.parse(text)
  if (url === null || !["postgres:", "postgresql:"].includes(url.protocol)) {
    return Result.fail("must be a URL such as postgresql://user:password@host:5432/database")
  }
  return Result.succeed(Redacted.make(text, { label: "DATABASE_URL" }))
}

export const publicUrl = (text: string): Result.Result<URL, string> => {
  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === text.replace(/\/$/, "")
    ? Result.succeed(url)
    : Result.fail("must be an origin such as https://chat.example.com, without a path")
}

const loopback = ["localhost", "127.0.0.1", "[::1]"]

/** Tokens come back from there, so nobody on the way may read or change it. What stands after `#` is the token's place. */
export const signInUrl = (text: string): Result.Result<URL, string> => {
  const url = URL.parse(text)
  const safe =
    url !== null &&
    (url.protocol === "https:" || (url.protocol === "http:" && loopback.includes(url.hostname)))
  return safe && url.username === "" && url.password === "" && url.hash === ""
    ? Result.succeed(url)
    : Result.fail(
        "must be an address such as https://jobs.example.com/sign-in, https, without user name or #"
      )
}

/** Compared with the `Origin` header as it is, so each must be spelled as browsers send it. */
export const origins = (text: string): Result.Result<ReadonlyArray<string>, string> => {
  const list = text.split(",").map((origin) => origin.trim())
  const wrong = list.some((origin) => {
    const url = URL.parse(origin)
    return url === null || !/^https?:$/.test(url.protocol) || url.origin !== origin
  })
  return wrong
    ? Result.fail(
        "must be origins such as https://app.example.com, separated by commas, without paths, * or null"
      )
    : Result.succeed(list)
}

/** Goes into every event and every log line. */
export const nodeName = (text: string): Result.Result<string, string> =>
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(text)
    ? Result.succeed(text)
    : Result.fail("must be 1 to 63 letters, digits, dots, underscores or hyphens")

export const roles = (text: string): Result.Result<ReadonlyArray<Role>, string> => {
  const named = text.split(",").map((role) => role.trim())
  return named.every(isRole)
    ? Result.succeed([...new Set(named)])
    : Result.fail(`must be one or more of ${allRoles.join(", ")}, separated by commas`)
}

export const logLevel = (text: string): Result.Result<LogLevel.LogLevel, string> => {
  const found = LogLevel.values.find((level) => level.toLowerCase() === text.toLowerCase())
  return found === undefined
    ? Result.fail(`must be one of ${LogLevel.values.join(", ")}`)
    : Result.succeed(found)
}

export const onOff = (text: string): Result.Result<boolean, string> => {
  const value = text.toLowerCase()
  return value === "on" || value === "off" ? Result.succeed(value === "on") : Result.fail("must be on or off")
}
