import { usualRules } from "@indelible/application/limits/RateRules"
import { DEFAULT_MESSAGE_LENGTH } from "@indelible/domain/text/MessageText"
import { parse as parseMasterKey } from "@indelible/infrastructure/keys/EnvironmentMasterKey"
import * as RedisAddress from "@indelible/infrastructure/redis/RedisAddress"
import { Effect, Redacted, Result } from "effect"
import { neutralName } from "./NodeName.ts"
import * as Parsing from "./Parsing.ts"
import { allRoles, type Role } from "./Role.ts"
import { integer, optional, setting } from "./Setting.ts"

const masterKey = (text: string) => {
  const secret = Redacted.make(text, { label: "MASTER_KEY" })
  return Result.mapBoth(parseMasterKey(secret), {
    onSuccess: () => secret,
    onFailure: ({ detail }) => detail
  })
}

const dataDir = setting(
  "DATA_DIR",
  ".indelible",
  "Folder for the embedded database and for keys that are made here.",
  Parsing.anyText,
  () => ".indelible"
)

const nodeNameIn = (folder: string) =>
  setting(
    "NODE_NAME",
    "made of a hash",
    "Name of this node in the log and, for ever, in the record: name no person. Different on each node, as what is made here of host name and `DATA_DIR`.",
    Parsing.nodeName,
    () => neutralName(folder)
  )

/** Each that is counted is remembered for an hour: more would rather be no limit, at the price of one. */
const mostPerHour = 100_000

/** Every variable that the service itself reads; those for tokens stand in `TokenSource`. */
export const settingsTable = {
  host: setting(
    "HOST",
    "127.0.0.1",
    "Address to listen on. `0.0.0.0` for all, as in a container.",
    Parsing.anyText,
    () => "127.0.0.1"
  ),
  port: integer("PORT", 3000, [0, 65_535], "Port to listen on; 0 takes a free one."),
  publicUrl: optional(
    "PUBLIC_URL",
    "Origin under which clients reach the service, such as `https://chat.example.com`. With https, browsers are told never to use http again.",
    Parsing.publicUrl
  ),
  signInUrl: optional(
    "SIGN_IN_URL",
    "Page of the surrounding platform that signs people in, where the messenger sends whoever has no token: see `docs/sign-in.md`. https; http only on this machine itself.",
    Parsing.signInUrl
  ),
  dataDir,
  databaseUrl: optional(
    "DATABASE_URL",
    "Postgres 15 or newer, as a role that may create tables. Without it the service runs a Postgres of its own in `DATA_DIR`.",
    Parsing.databaseUrl
  ),
  masterKey: optional(
    "MASTER_KEY",
    "Key over all keys: 32 random bytes in hexadecimal or base64, the same on every node. Required with `DATABASE_URL`; without either it is a file in `DATA_DIR`.",
    masterKey
  ),
  redisUrl: optional(
    "REDIS_URL",
    "Redis 7 or newer, where nodes tell each other what is new: `redis://user:password@host:6379`, `rediss://` with TLS, several hosts separated by commas for a cluster.",
    RedisAddress.parse
  ),
  nodeName: {
    ...nodeNameIn(".indelible"),
    read: Effect.flatMap(dataDir.read, (folder) => nodeNameIn(folder).read)
  },
  roles: setting<ReadonlyArray<Role>>(
    "ROLES",
    "all",
    "What this node does, separated by commas: `edge` answers people, `projector` keeps and builds the read models and checks kept states at night, in a thread of its own. At least one node must do each.",
    Parsing.roles,
    () => allRoles
  ),
  corsOrigins: setting<ReadonlyArray<string>>(
    "CORS_ORIGINS",
    "none",
    "Origins whose pages may call the service from a browser, separated by commas. Its own page needs none.",
    Parsing.origins,
    () => []
  ),
  logLevel: setting(
    "LOG_LEVEL",
    "Info",
    "Least level that is logged: Trace, Debug, Info, Warn, Error, Fatal or None.",
    Parsing.logLevel,
    () => "Info" as const
  ),
  metrics: setting(
    "METRICS",
    "on",
    "`on` answers `/metrics` for Prometheus, to whoever reaches the port: see `docs/metrics.md`. `off` does not.",
    Parsing.onOff,
    () => true
  ),
  readPool: integer(
    "READ_POOL",
    16,
    [2, 24],
    "Database connections for reading. With those for writing and for read models a node takes at most 40."
  ),
  maxMessageLength: integer(
    "MAX_MESSAGE_LENGTH",
    DEFAULT_MESSAGE_LENGTH,
    [1, DEFAULT_MESSAGE_LENGTH],
    "Longest text of a message, in Unicode code points."
  ),
  pingInterval: integer(
    "PING_INTERVAL",
    30,
    [1, 300],
    "Seconds between pings over each WebSocket; one that did not answer the last is cut. Less than any proxy on the way lets a line be idle."
  ),
  limitMessages: integer(
    "LIMIT_MESSAGES",
    usualRules.messages.most,
    [1, mostPerHour],
    "Messages that a person may send in any hour, over all interfaces and, with `REDIS_URL`, all nodes; the next is answered 429 `rate_limited`. The same on every node; there is always a limit."
  ),
  limitLists: integer(
    "LIMIT_LISTS",
    usualRules.lists.most,
    [1, mostPerHour],
    "Lists of conversations that a person may ask for in any hour, likewise."
  ),
  maxRequests: integer(
    "MAX_REQUESTS",
    1_000,
    [1, 100_000],
    "HTTP requests and calls over connections at once; the next is answered 503 `overloaded`."
  ),
  headersTimeout: integer(
    "HEADERS_TIMEOUT",
    10,
    [1, 60],
    "Seconds that a client may take to send its headers."
  ),
  requestTimeout: integer(
    "REQUEST_TIMEOUT",
    30,
    [1, 300],
    "Seconds that a client may take to send a whole request; not less than `HEADERS_TIMEOUT`."
  ),
  production: setting(
    "NODE_ENV",
    "none",
    "`production` refuses development sign-in.",
    (text) => Result.succeed(text.toLowerCase() === "production"),
    () => false
  )
} as const
