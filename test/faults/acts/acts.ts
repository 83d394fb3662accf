import type { Fault } from "../Fault.ts"
import { f0 } from "./Calm.ts"
import { f14 } from "./Contention.ts"
import { f1, f2 } from "./CrashPoints.ts"
import { f28, f29 } from "./Crush.ts"
import { f7, f8, f9, f10 } from "./Database.ts"
import { f3 } from "./DeadAfterAck.ts"
import { f4, f33 } from "./Kills.ts"
import { f27, f30, f31 } from "./Lines.ts"
import { f16, f17, f18, f19, f20, f21 } from "./RedisAway.ts"
import { f5, f6 } from "./Stopping.ts"

/** All faults there are, in the order in which they are played. */
export const acts: ReadonlyArray<Fault> = [
  f0,
  f1,
  f2,
  f3,
  f4,
  f5,
  f6,
  f7,
  f8,
  f9,
  f10,
  f14,
  f16,
  f17,
  f18,
  f19,
  f20,
  f21,
  f27,
  f28,
  f29,
  f30,
  f31,
  f33
]
