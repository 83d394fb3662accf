import { build } from "@indelible/projections/engine/build/Builder"
import { own } from "@indelible/projections/engine/Ownership"
import { run } from "@indelible/projections/engine/Runner"
import { projections } from "@indelible/projections/projections"
import { Effect, Layer } from "effect"

/**
 * Keeps the read models up with the log, those that this node owns, and builds what is asked for. The builds come last
 * and in the other order, so that of two nodes neither has both of a projection.
 */
export const layer = ({ nodeName }: { readonly nodeName: string }) =>
  Layer.effectDiscard(
    Effect.forkScoped(
      own([
        ...projections.map((projection) => ({ name: projection.name, body: run(projection) })),
        ...projections.toReversed().map((projection) => ({
          name: `build ${projection.name}`,
          body: build(projection, nodeName)
        }))
      ])
    )
  )
