import { hash } from "node:crypto"

/** What Redis does in one step, as Lua. It gets its keys as KEYS and everything else as ARGV. */
export interface RedisScript {
  readonly lua: string
  /** The name by which Redis keeps it. */
  readonly sha1: string
}

export const redisScript = (lua: string): RedisScript => ({ lua, sha1: hash("sha1", lua) })
