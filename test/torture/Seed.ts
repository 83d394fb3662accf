import { randomInt } from "node:crypto"

export interface Seed {
  /** In [0, 1). */
  readonly random: () => number
  /** A whole number in [0, below). */
  readonly below: (below: number) => number
  readonly pick: <A>(among: readonly [A, ...ReadonlyArray<A>]) => A
}

/** Repeatable chance: mulberry32, small, and good enough to choose who is next. */
export const seedOf = (seed: number): Seed => {
  let state = seed
  const random = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(random() * limit)
  return { random, below, pick: (among) => among[below(among.length)] ?? among[0] }
}

/** The same. Prints its seed; `TORTURE_SEED` sets it, to see a failure again. */
export const seeded = (name: string): Seed => {
  const seed = Number(process.env.TORTURE_SEED ?? randomInt(2 ** 31))
  console.log(`${name}: TORTURE_SEED=${seed}`)
  return seedOf(seed)
}
