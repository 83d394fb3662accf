import { EventLog } from "@indelible/application/store/EventLog"
import { Clock, Effect } from "effect"

/** How long a build rests for each millisecond that it works while somebody writes. */
const restPerMillis = 1.5
/** How often it looks whether somebody does, and whether it is still to wait. */
const lookMillis = 500

/** Holds a build back: people come first, and whoever operates it may say how fast it may go. */
export interface Pace {
  /** Events a second at most; null: as fast as the machine allows while nobody writes. */
  readonly limit: (maxRate: number | null) => void
  /** How large a page may be that would otherwise be this large: at a limit, what half a second is worth. */
  readonly page: (usual: number) => number
  /** Called after a page: waits as long as the next one should. */
  readonly after: (events: number, millis: number) => Effect.Effect<void>
  /** Looks, for as long as it runs, whether anybody writes. */
  readonly looking: Effect.Effect<never, never, EventLog>
}

export const make = (maxRate: number | null): Pace => {
  let limit = maxRate
  let isBusy = true
  let nextAt = 0

  const total = Effect.flatMap(EventLog, ({ sliceHeads }) =>
    Effect.map(sliceHeads, (heads) => heads.reduce((sum, { after }) => sum + after, 0))
  )
  const looking = Effect.gen(function* () {
    let before = yield* Effect.option(total)
    while (true) {
      yield* Effect.sleep(lookMillis)
      const now = yield* Effect.option(total)
      // When the log cannot be read there is trouble enough.
      isBusy = before._tag === "None" || now._tag === "None" || now.value > before.value
      before = now
    }
  })

  return {
    limit: (rate) => {
      if (rate === limit) return
      limit = rate
      nextAt = 0
    },
    looking,
    page: (usual) => (limit === null ? usual : Math.max(1, Math.min(usual, Math.floor(limit / 2)))),
    after: Effect.fnUntraced(function* (events, millis) {
      if (limit === null) return isBusy ? yield* Effect.sleep(restPerMillis * millis) : undefined
      // Several lanes take from one budget: each moves the time on by what its page was worth.
      const kept = limit
      let now = yield* Clock.currentTimeMillis
      nextAt = Math.max(now, nextAt) + (events * 1_000) / kept
      const until = nextAt
      // A page may be worth minutes, and whoever sets another limit does not want to wait for them.
      while (limit === kept && now < until) {
        yield* Effect.sleep(Math.min(until - now, lookMillis))
        now = yield* Clock.currentTimeMillis
      }
    })
  }
}
