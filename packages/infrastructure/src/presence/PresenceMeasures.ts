import { Effect, Metric } from "effect"

const people = Metric.gauge("indelible_presence_people", {
  description: "People with a device connected to this node, or who had one a moment ago"
})
const nodes = Metric.gauge("indelible_presence_nodes", {
  description: "Nodes that this one knows to be alive, itself among them"
})
const unwritten = Metric.gauge("indelible_presence_unwritten_people", {
  description: "People whose coming or going other nodes cannot know yet"
})

export interface PresenceMeasures {
  readonly people: (count: number) => void
  readonly nodes: (count: number) => void
  readonly unwritten: (count: number) => void
}

/** All are there from the start: what a node that shares nothing has to say of others is true as well. */
export const presenceMeasures: Effect.Effect<PresenceMeasures> = Effect.map(
  Effect.context<never>(),
  (context) => {
    const setting = (gauge: Metric.Gauge<number>, first: number) => {
      gauge.updateUnsafe(first, context)
      return (count: number) => gauge.updateUnsafe(count, context)
    }
    return { people: setting(people, 0), nodes: setting(nodes, 1), unwritten: setting(unwritten, 0) }
  }
)
