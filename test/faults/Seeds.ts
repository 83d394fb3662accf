import { hash } from "node:crypto"
import type { Seed } from "../torture/Seed.ts"
import { seedOf } from "../torture/Seed.ts"

/** The chance of one fault, from the seed of the run: the same whether it is played alone or among others. */
export const seedFor = (seed: number, id: string): Seed =>
  seedOf(hash("sha256", `${seed} ${id}`, "buffer").readUInt32BE(0))
