import { Context, Layer } from "effect"

/** How far the log has gone out to the sessions of this node. */
export class HandedOut extends Context.Service<
  HandedOut,
  {
    /** Nothing at or below this position of a slice goes out any more. */
    readonly upTo: (slice: number) => number
    readonly move: (slice: number, slicePos: number) => void
  }
>()("@indelible/server/realtime/HandedOut") {
  static readonly layer = Layer.sync(this, () => {
    const positions = new Map<number, number>()
    return {
      upTo: (slice) => positions.get(slice) ?? 0,
      move: (slice, slicePos) => void positions.set(slice, slicePos)
    }
  })
}
