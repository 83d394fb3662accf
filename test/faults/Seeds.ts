import { type Seed, seedOf } from "../torture/Seed.ts"

/** The chance of one fault, from the seed of the run: the same whether it is played alone or among others. */
export const seedFor = (seed: number, id: string): Seed => seedOf(seed).named(id)
