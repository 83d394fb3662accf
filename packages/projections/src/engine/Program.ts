import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import type { Projection } from "./Projection.ts"

/** What this program can read for a projection, as text that changes whenever that does. */
export const programOf = <E extends DomainEvent>({ catalogue, version }: Projection<E>): string => {
  const known: Readonly<Record<string, { readonly schemaVersion: number }>> = catalogue
  const types = Object.entries(known).map(([type, { schemaVersion }]) => `${type}@${schemaVersion}`)
  return `${version}/${types.sort().join(",")}`
}
