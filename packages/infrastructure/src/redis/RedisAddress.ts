import { Redacted, Result } from "effect"

export interface RedisHost {
  readonly host: string
  readonly port: number
}

/** Where a Redis is, and how one gets in. */
export interface RedisAddress {
  /** One host is a server, several are members of a cluster that tell of the others. */
  readonly hosts: readonly [RedisHost, ...ReadonlyArray<RedisHost>]
  readonly tls: boolean
  readonly username: string | undefined
  readonly password: Redacted.Redacted | undefined
  readonly database: number
}

const usualPort = 6379
const example =
  "must be a URL such as redis://user:password@host:6379/0, with rediss:// for TLS, or of a cluster redis://host1:6379,host2:6379"

/** `redis://`, then who asks, all hosts with their ports, and a database. */
const shape = /^(rediss?):\/\/(?:([^@/]*)@)?([^@/?#]+)(?:\/(\d*))?$/i

const hostOf = (text: string): RedisHost | undefined => {
  const url = /[/?#@\s]/.test(text) ? null : URL.parse(`redis://${text}`)
  if (url === null || url.hostname === "" || url.port === "0") return undefined
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? usualPort : Number(url.port)
  }
}

const unescaped = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    // A % that begins no byte.
    return undefined
  }
}

/** Reads the value of REDIS_URL. What is wrong is told without showing any of it. */
export const parse = (text: string): Result.Result<RedisAddress, string> => {
  const [, scheme = "", credentials = "", list = "", path = ""] = shape.exec(text) ?? []
  const [user = "", ...secret] = credentials.split(":")
  const [username, password] = [unescaped(user), unescaped(secret.join(":"))]
  const hosts = list.split(",").map(hostOf)
  const [first, ...others] = hosts.filter((host) => host !== undefined)
  if (first === undefined || others.length + 1 < hosts.length) return Result.fail(example)
  if (username === undefined || password === undefined) {
    return Result.fail("has a user or password in which % does not begin an escape; write %25 for it")
  }
  if (username !== "" && password === "") return Result.fail("names a user but no password")
  if (others.length > 0 && Number(path) !== 0) {
    return Result.fail("names a database of a cluster, which has only 0")
  }
  return Result.succeed({
    hosts: [first, ...others],
    tls: scheme.toLowerCase() === "rediss",
    username: username === "" ? undefined : username,
    password: password === "" ? undefined : Redacted.make(password, { label: "REDIS_URL" }),
    database: Number(path)
  })
}
