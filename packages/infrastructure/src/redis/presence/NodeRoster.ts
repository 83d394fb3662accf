import { Clock, Effect, Latch, Schema, Semaphore } from "effect"
import { SecureRandom } from "effect/crypto/SecureRandom"
import { PresenceSettings } from "../../presence/PresenceSettings.ts"
import { RedisClient } from "../RedisClient.ts"
import { redisScript } from "../RedisScript.ts"

/** Lives of nodes that are remembered, the newest of them. */
const mostRemembered = 1_000

/**
 * Lives of nodes are a sorted set by when each last said that it is alive, in milliseconds of Redis's clock: nodes need
 * not agree on the time. A life that was missed for too long, or whose memory is gone, is over: it cannot be taken up
 * again, since others may have begun to forget its people.
 */
const beatScript = redisScript(`
local roster, life, begun = KEYS[1], ARGV[1], ARGV[2] == '1'
local left, aliveFor, remembered, most = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local last = tonumber(redis.call('ZSCORE', roster, life) or 0)
if begun and now - last > aliveFor then return {0, {}, {}} end
redis.call('ZADD', roster, now - aliveFor + left, life)
redis.call('ZREMRANGEBYSCORE', roster, '-inf', now - remembered)
redis.call('ZREMRANGEBYRANK', roster, 0, -1 - most)
redis.call('PEXPIRE', roster, remembered)
local alive = redis.call('ZRANGE', roster, now - aliveFor, '+inf', 'BYSCORE', 'WITHSCORES')
local lives, ages = {}, {}
for i = 1, #alive, 2 do
  lives[#lives + 1] = alive[i]
  ages[#ages + 1] = now - tonumber(alive[i + 1])
end
return {1, lives, ages}`)

const decodeBeat = Schema.decodeUnknownEffect(
  Schema.Tuple([Schema.Int, Schema.Array(Schema.String), Schema.Array(Schema.Int)])
)
const decodeScores = Schema.decodeUnknownEffect(Schema.Array(Schema.NullOr(Schema.FiniteFromString)))

/** What a beat brought to light. */
export interface RosterNews {
  /** Nothing that this node wrote before counts any more. */
  readonly forgotten: boolean
  /** Lives that were known and are over. */
  readonly ended: ReadonlySet<string>
}

/** Which nodes are alive. A node that comes back after its absence was noticed begins another life. */
export const makeRoster = Effect.gen(function* () {
  const redis = yield* RedisClient
  const random = yield* SecureRandom
  const clock = yield* Clock.Clock
  const { aliveFor, countedFor, remembered } = yield* PresenceSettings
  const key = redis.key("presence", "nodes")
  let life = yield* random.uuidV4()
  let begun = false
  /** The life before was over, and the rest of this node was not told yet. */
  let forgotten = false
  /** When each said so last, by the clock of this node. */
  let alive: ReadonlyMap<string, number> = new Map()
  let heardAt = Number.NEGATIVE_INFINITY
  let news: RosterNews = { forgotten: false, ended: new Set() }
  const something = Latch.makeUnsafe(false)
  const now = () => Number(clock.monotonicTimeNanosUnsafe() / 1_000_000n)
  const heard = () => now() - heardAt <= aliveFor

  const say = (left: number) =>
    redis
      .evaluate(beatScript, [key], [life, begun ? 1 : 0, left, aliveFor, remembered, mostRemembered])
      .pipe(Effect.flatMap((answer) => Effect.orDie(decodeBeat(answer))))

  const beat = Effect.gen(function* () {
    const sentAt = now()
    let [known, lives, ages] = yield* say(aliveFor)
    if (known === 0) {
      life = yield* random.uuidV4()
      begun = false
      forgotten = true
      ;[known, lives, ages] = yield* say(aliveFor)
    }
    begun = true
    const before = alive
    alive = new Map(lives.map((other, i) => [other, sentAt - (ages[i] ?? 0)]))
    heardAt = sentAt
    const ended = [...before.keys()].filter((other) => !alive.has(other))
    if (!forgotten && ended.length === 0) return
    news = { forgotten: news.forgotten || forgotten, ended: new Set([...news.ended, ...ended]) }
    forgotten = false
    something.openUnsafe()
  })
  const unlessBegun = Effect.suspend(() => (begun ? Effect.void : beat))
  const one = yield* Semaphore.make(1)

  return {
    /** This node as others know it in what it writes. */
    life: () => life,
    /** Whether a beat was answered lately, so that what is known of others counts. */
    heard,
    isAlive: (other: string) => other === life || (heard() && alive.has(other)),
    /** Whether what it says of connections counts: it was heard of a moment ago. */
    counts: (other: string) =>
      other === life || (heard() && now() - (alive.get(other) ?? Number.NEGATIVE_INFINITY) <= countedFor),
    /** How many are alive, as far as is known. */
    size: () => (heard() ? alive.size : 1),
    /** Says that this node is alive, and learns which others are. */
    beat: one.withPermit(beat),
    /** The same if it was never said. */
    begin: Effect.suspend(() => (begun ? Effect.void : one.withPermit(unlessBegun))),
    /** Waits for news of the beats. */
    news: Effect.map(something.await, () => {
      const told = news
      news = { forgotten: false, ended: new Set() }
      something.closeUnsafe()
      return told
    }),
    /** When each of these was last heard of, epoch milliseconds; of some nobody knows. */
    lastBeats: Effect.fnUntraced(function* (lives: ReadonlyArray<string>) {
      const scores = yield* Effect.flatMap(redis.command("zmscore", key, ...lives), (answer) =>
        Effect.orDie(decodeScores(answer))
      )
      return new Map(lives.map((other, i) => [other, scores[i] ?? null]))
    }),
    /** Its people count for so many milliseconds more. */
    leave: (farewell: number) => Effect.asVoid(begun ? say(farewell) : Effect.void)
  }
})

export type NodeRoster = Effect.Success<typeof makeRoster>
