import { hash, randomInt } from "node:crypto"

export interface Seed {
  /** In [0, 1). */
  readonly random: () => number
  /** A whole number in [0, below). */
  readonly below: (below: number) => number
  readonly pick: <A>(among: readonly [A, ...ReadonlyArray<A>]) => A
  /** undefined when there is nothing to choose from. */
  readonly pickFrom: <A>(among: ReadonlyArray<A>) => A | undefined
  /** The same in another order. */
  readonly shuffle: <A>(all: ReadonlyArray<A>) => ReadonlyArray<A>
  /** A chance of its own: the same again, however often this one was asked meanwhile. */
  readonly named: (name: string) => Seed
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
  return {
    random,
    below,
    pick: (among) => among[below(among.length)] ?? among[0],
    pickFrom: (among) => among[below(among.length)],
    shuffle: (all) =>
      all
        .map((each) => ({ each, at: random() }))
        .sort((a, b) => a.at - b.at)
        .map(({ each }) => each),
    named: (name) => seedOf(hash("sha256", `${seed} ${name}`, "buffer").readUInt32BE(0))
  }
}

/** The same. Prints its seed; `TORTURE_SEED` sets it, to see a failure again. */
export const seeded = (name: string): Seed => {
  const seed = Number(process.env.TORTURE_SEED ?? randomInt(2 ** 31))
  console.log(`${name}: TORTURE_SEED=${seed}`)
  return seedOf(seed)
}
