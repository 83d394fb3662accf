import { build } from "@indelible/projections/engine/build/Builder"
import { own } from "@indelible/projections/engine/Ownership"
import { run } from "@indelible/projections/engine/Runner"
import { projections } from "@indelible/projections/projections"
import { Effect, Layer } from "effect"

/** Keeps the read models up with the log, those that this node owns, and builds what is asked for. */
export const layer = ({ nodeName }: { readonly nodeName: string }) =>
  Layer.effectDiscard(
    Effect.forkScoped(
      own(
        projections.flatMap((projection) => [
          { name: projection.name, kind: "projection" as const, body: run(projection, nodeName) },
          {
            name: `build ${projection.name}`,
            kind: "build" as const,
            body: build(projection, nodeName)
          }
        ])
      )
    )
  )
