import { Result } from "effect"
import type { DomainEvent, ReadEvent } from "./DomainEvent.ts"
import { UnreadableEvent, type UnwritableEvent, type WrittenParts } from "./EventDefinition.ts"

/** What reading and writing need of a definition. */
interface CataloguedEvent<E extends DomainEvent> {
  readonly schemaVersion: number
  readonly read: (
    schemaVersion: number,
    facts: unknown,
    body: unknown
  ) => Result.Result<ReadEvent<E>, UnreadableEvent>
  readonly write: (facts: unknown, body: unknown) => Result.Result<WrittenParts, UnwritableEvent>
}

/** Every event type of one aggregate, by name. */
export type EventCatalogue<E extends DomainEvent> = Readonly<Record<E["type"], CataloguedEvent<E>>>

/** Decodes one stored event of any known version into today's shape. */
export const readEvent = <E extends DomainEvent>(
  catalogue: EventCatalogue<E>,
  type: string,
  schemaVersion: number,
  facts: unknown,
  body: unknown
): Result.Result<ReadEvent<E>, UnreadableEvent> => {
  const definitions: Readonly<Record<string, CataloguedEvent<E>>> = catalogue
  const definition = Object.hasOwn(definitions, type) ? definitions[type] : undefined
  return definition === undefined
    ? Result.fail(new UnreadableEvent({ type, schemaVersion, reason: "unknown" }))
    : definition.read(schemaVersion, facts, body)
}
