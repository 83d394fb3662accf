import { Effect } from "effect"
import { now, type Recorder } from "./Recorder.ts"

const every = 50
/** Later than this, and what took long may have taken long here. */
const noticed = 500

/** Writes down when the machine, or this process, stands still, until the scope ends. */
export const watch = ({ record }: Recorder) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      let last = now()
      return setInterval(() => {
        const late = now() - last - every
        last = now()
        if (late > noticed) record({ proc: "machine", op: "stall", phase: "ok", millis: late })
      }, every)
    }),
    (timer) => Effect.sync(() => clearInterval(timer))
  ).pipe(Effect.asVoid)
