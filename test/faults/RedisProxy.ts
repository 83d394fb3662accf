import { Effect, Redacted } from "effect"
import type { Seed } from "../torture/Seed.ts"
import { isPublished, RespFrames } from "./RespFrames.ts"
import * as TcpProxy from "./TcpProxy.ts"

export interface RedisProxy extends TcpProxy.TcpProxy {
  /** The same Redis, by way of the proxy. */
  readonly url: Redacted.Redacted
  /**
   * From now on one in so many published messages is lost on its way to the subscriber, and the others are late by up to
   * so many milliseconds, so that they overtake each other.
   */
  readonly loseSome: (oneIn: number, late: number, seed: Seed) => Effect.Effect<void>
  /** How many messages were lost so far. */
  readonly lost: () => number
}

/** A TCP proxy in front of a single Redis that knows just enough of its protocol to tell what was published. */
export const make = Effect.fn("RedisProxy.make")(function* (target: Redacted.Redacted) {
  const to = new URL(Redacted.value(target))
  let loss: { readonly oneIn: number; readonly late: number; readonly seed: Seed } | undefined
  let lost = 0

  const tap = (): TcpProxy.Tap => {
    const frames = new RespFrames()
    return {
      toClient: (bytes, pass) => {
        for (const value of frames.take(bytes)) {
          if (loss === undefined || !isPublished(value)) pass(value)
          else if (loss.seed.below(loss.oneIn) === 0) lost += 1
          else setTimeout(pass, loss.seed.below(loss.late), value)
        }
      }
    }
  }
  const proxy = yield* TcpProxy.make({ host: to.hostname, port: Number(to.port), tap })
  return {
    ...proxy,
    url: Redacted.make(Object.assign(to, { hostname: "127.0.0.1", port: String(proxy.port) }).href),
    loseSome: (oneIn, late, seed) =>
      Effect.sync(() => {
        loss = { oneIn, late, seed }
      }),
    lost: () => lost,
    heal: Effect.andThen(
      proxy.heal,
      Effect.sync(() => {
        loss = undefined
      })
    )
  } satisfies RedisProxy
})
