import type { Admitted, LimitStanding, RateWindows } from "@indelible/application/limits/RateLimits"
import { type LimitName, RateRules } from "@indelible/application/limits/RateRules"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect, Schema } from "effect"
import { RedisClient } from "./RedisClient.ts"
import { redisScript } from "./RedisScript.ts"
import type { RedisUnavailable } from "./RedisUnavailable.ts"

/**
 * One person's members under one limit are a sorted set, by microseconds of the clock of the Redis that holds it: nodes
 * need not agree on the time. A member that is kept moves, so that whoever added it no longer knows its place. The set
 * goes by itself once its newest member has left the window.
 */
const windowScript = redisScript(`
local key = KEYS[1]
local act, member, most, window, place = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
redis.call('ZREMRANGEBYSCORE', key, '-inf', now - window * 1000)
local at = tonumber(redis.call('ZSCORE', key, member) or -1)
local count = redis.call('ZCARD', key)

local outcome = at < 0 and 'refused' or 'known'
if act == 'keep' or (act == 'take' and at < 0 and count < most) then
  if at < 0 then count = count + 1 end
  at = math.max(now, at + 1)
  redis.call('ZADD', key, at, member)
  redis.call('PEXPIRE', key, window)
  outcome = 'added'
elseif act == 'giveBack' and at == place then
  redis.call('ZREM', key, member)
  count = count - 1
end

local next = redis.call('ZRANGE', key, math.max(0, count - most), math.max(0, count - most), 'WITHSCORES')
local more = next[2] and window * 1000 - (now - tonumber(next[2])) or -1
return {outcome, at, count, more}`)

const Answer = Schema.Tuple([
  Schema.Literals(["added", "known", "refused"]),
  /** The member's place. */
  Schema.Int,
  /** How many members there are now. */
  Schema.Int,
  /** Microseconds until one more has left than are too many; -1 when none is left. */
  Schema.Int
])
const decodeAnswer = Schema.decodeUnknownEffect(Answer)

/** What came to all nodes, as far as Redis remembers it. */
export const make = Effect.gen(function* () {
  const redis = yield* RedisClient
  const rules = yield* RateRules

  const windowOf = (limit: LimitName, subject: SubjectId, member: string) => {
    const rule = rules[limit]
    const key = redis.key("limit", limit, subject)
    return (act: "take" | "keep" | "giveBack", place = 0) =>
      redis.evaluate(windowScript, [key], [act, member, rule.most, rule.window, place]).pipe(
        Effect.flatMap((answer) => Effect.orDie(decodeAnswer(answer))),
        Effect.map(([outcome, at, count, more]) => {
          const remaining = Math.max(0, rule.most - count)
          const moreInMs = more < 0 ? null : more / 1_000
          return {
            outcome,
            place: at,
            standing: { limit, rule, remaining, moreInMs } satisfies LimitStanding
          }
        })
      )
  }

  const take: RateWindows<RedisUnavailable>["take"] = Effect.fnUntraced(function* (limit, subject, member) {
    const act = windowOf(limit, subject, member)
    const { outcome, place, standing } = yield* act("take")
    if (outcome === "refused") return { _tag: "Refused", standing }
    const added = outcome === "added"
    return {
      _tag: "Admitted",
      standing,
      added,
      keep: added ? Effect.void : Effect.asVoid(act("keep")),
      giveBack: added
        ? Effect.map(act("giveBack", place), (after) => after.standing)
        : Effect.succeed(standing)
    } satisfies Admitted<RedisUnavailable>
  })

  return {
    take,
    /** Adds a member that is not there, whatever room there is. */
    keep: (limit: LimitName, subject: SubjectId, member: string) =>
      Effect.asVoid(windowOf(limit, subject, member)("keep"))
  }
})
