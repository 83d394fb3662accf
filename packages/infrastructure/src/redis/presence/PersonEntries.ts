import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect, Schema } from "effect"
import type { Attendance } from "../../presence/PeopleHere.ts"
import { PresenceSettings } from "../../presence/PresenceSettings.ts"
import { RedisClient } from "../RedisClient.ts"
import { redisScript } from "../RedisScript.ts"

/** Where somebody is, as nodes wrote it down. */
export interface PersonEntry {
  /** What they have on each node, by its life. */
  readonly nodes: ReadonlyMap<string, Attendance>
  /** Epoch milliseconds. */
  readonly lastSeenAt: number | null
}

export interface EntryChange {
  /** What they now have on which node, by its life. */
  readonly put?: Attendance & { readonly life: string }
  /** Where they have nothing any more. */
  readonly remove?: ReadonlyArray<string>
  readonly lastSeenAt?: number | null | undefined
}

const seenField = "seen"
const suffix = "/connections"

/**
 * A node's life is the field of the devices there. How many connections there are is said beside it where they are not as
 * many as the devices: most people have sockets alone, which are both, and nodes that do not know of the second field
 * read the first as it is meant.
 */
const fieldsOf = ({ connections, devices, life }: Required<EntryChange>["put"]) => [
  ...(devices === null ? [] : [life, devices]),
  ...(connections === (devices ?? 0) ? [] : [`${life}${suffix}`, connections])
]

/** Changes an entry and answers with what it is then, so that of two who count at once the later sees the earlier. */
const changeScript = redisScript(`
local entry, remembered, seen, lives = KEYS[1], ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
for i = 4, 3 + lives do redis.call('HDEL', entry, ARGV[i], ARGV[i] .. '${suffix}') end
for i = 4 + lives, #ARGV, 2 do redis.call('HSET', entry, ARGV[i], ARGV[i + 1]) end
if seen > tonumber(redis.call('HGET', entry, '${seenField}') or 0) then
  redis.call('HSET', entry, '${seenField}', ARGV[2])
end
redis.call('PEXPIRE', entry, remembered)
return redis.call('HGETALL', entry)`)

/** A command of its own would be answered in another form by some clients. */
const readScript = redisScript("return redis.call('HGETALL', KEYS[1])")

const decodeFields = Schema.decodeUnknownEffect(Schema.Array(Schema.String))
const decodeCount = Schema.decodeUnknownEffect(Schema.FiniteFromString)

/** Nobody but this program writes it: whatever does not read is a defect. */
const entryOf = Effect.fnUntraced(function* (answer: unknown) {
  const fields = yield* decodeFields(answer)
  const devices = new Map<string, number>()
  const connections = new Map<string, number>()
  let lastSeenAt: number | null = null
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [name = "", value] = [fields[i], yield* decodeCount(fields[i + 1])]
    if (name === seenField) lastSeenAt = value
    else if (name.endsWith(suffix)) connections.set(name.slice(0, -suffix.length), value)
    else devices.set(name, value)
  }
  const nodes = new Map<string, Attendance>()
  for (const life of [...devices.keys(), ...connections.keys()]) {
    const there = devices.get(life) ?? null
    nodes.set(life, { devices: there, connections: connections.get(life) ?? there ?? 0 })
  }
  return { nodes, lastSeenAt } satisfies PersonEntry
}, Effect.orDie)

/** What nodes share of people: one small hash each, which goes by itself when nobody touched it for 30 days. */
export const makeEntries = Effect.gen(function* () {
  const redis = yield* RedisClient
  const { remembered } = yield* PresenceSettings
  const keyOf = (subject: SubjectId) => redis.key("presence", subject)
  return {
    read: (subject: SubjectId) => Effect.flatMap(redis.evaluate(readScript, [keyOf(subject)], []), entryOf),
    change: (subject: SubjectId, { lastSeenAt, put, remove = [] }: EntryChange) => {
      const [lives, fields] = put === undefined ? [remove, []] : [[put.life, ...remove], fieldsOf(put)]
      return Effect.flatMap(
        redis.evaluate(
          changeScript,
          [keyOf(subject)],
          [remembered, lastSeenAt ?? 0, lives.length, ...lives, ...fields]
        ),
        entryOf
      )
    }
  }
})

export type PersonEntries = Effect.Success<typeof makeEntries>
