import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect, Schema } from "effect"
import { PresenceSettings } from "../../presence/PresenceSettings.ts"
import { RedisClient } from "../RedisClient.ts"
import { redisScript } from "../RedisScript.ts"

/** Where somebody is, as nodes wrote it down. */
export interface PersonEntry {
  /** How many sockets they have on each node, by its life; 0 within their grace. */
  readonly sockets: ReadonlyMap<string, number>
  /** Epoch milliseconds. */
  readonly lastSeenAt: number | null
}

export interface EntryChange {
  /** On which node, by its life, they now have how many sockets. */
  readonly put?: { readonly life: string; readonly sockets: number }
  /** Where they are not any more. */
  readonly remove?: ReadonlyArray<string>
  readonly lastSeenAt?: number | null | undefined
}

const seenField = "seen"

/** Changes an entry and answers with what it is then, so that of two who count at once the later sees the earlier. */
const changeScript = redisScript(`
local entry, remembered, life, sockets, seen = KEYS[1], ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
for i = 5, #ARGV do redis.call('HDEL', entry, ARGV[i]) end
if life ~= '' then redis.call('HSET', entry, life, sockets) end
if seen > tonumber(redis.call('HGET', entry, '${seenField}') or 0) then
  redis.call('HSET', entry, '${seenField}', ARGV[4])
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
  const sockets = new Map<string, number>()
  let lastSeenAt: number | null = null
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [name = "", value] = [fields[i], yield* decodeCount(fields[i + 1])]
    if (name === seenField) lastSeenAt = value
    else sockets.set(name, value)
  }
  return { sockets, lastSeenAt } satisfies PersonEntry
}, Effect.orDie)

/** What nodes share of people: one small hash each, which goes by itself when nobody touched it for 30 days. */
export const makeEntries = Effect.gen(function* () {
  const redis = yield* RedisClient
  const { remembered } = yield* PresenceSettings
  const keyOf = (subject: SubjectId) => redis.key("presence", subject)
  return {
    read: (subject: SubjectId) => Effect.flatMap(redis.evaluate(readScript, [keyOf(subject)], []), entryOf),
    change: (subject: SubjectId, { lastSeenAt, put, remove = [] }: EntryChange) =>
      Effect.flatMap(
        redis.evaluate(
          changeScript,
          [keyOf(subject)],
          [remembered, put?.life ?? "", put?.sockets ?? 0, lastSeenAt ?? 0, ...remove]
        ),
        entryOf
      )
  }
})

export type PersonEntries = Effect.Success<typeof makeEntries>
