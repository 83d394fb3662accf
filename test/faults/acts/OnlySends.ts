import { Effect } from "effect"
import { holdsWithin, type Stage } from "../Stage.ts"

/** Answers to sends that were begun afterwards: by then what was under way before is done. */
const enough = 5

/** From here on nothing but sends is under way, so that whatever goes wrong hits one of them. */
export const onlySends = Effect.fnUntraced(function* ({ crowd, recorder, slack }: Stage) {
  yield* crowd.hush
  const from = recorder.lines.length
  const answered = () => {
    const sends = recorder.lines.slice(from).filter((line) => line.op === "send")
    const begun = new Set(sends.flatMap(({ call, phase }) => (phase === "invoke" ? [call] : [])))
    return sends.filter(({ call, phase }) => phase === "ok" && begun.has(call)).length
  }
  yield* holdsWithin(slack * 3_000, () => answered() >= enough)
})
