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

const definitionOf = <E extends DomainEvent>(catalogue: EventCatalogue<E>, type: string) => {
  const definitions: Readonly<Record<string, CataloguedEvent<E>>> = catalogue
  return Object.hasOwn(definitions, type) ? definitions[type] : undefined
}

/** Whether this program can read events of this type and version, if they are sound. */
export const knows = <E extends DomainEvent>(
  catalogue: EventCatalogue<E>,
  type: string,
  schemaVersion: number
): boolean => schemaVersion <= (definitionOf(catalogue, type)?.schemaVersion ?? 0)

/** The version of this type that is written today; null for a type that this program does not know. */
export const versionToday = <E extends DomainEvent>(
  catalogue: EventCatalogue<E>,
  type: string
): number | null => definitionOf(catalogue, type)?.schemaVersion ?? null

/** Decodes one stored event of any known version into today's shape. */
export const readEvent = <E extends DomainEvent>(
  catalogue: EventCatalogue<E>,
  type: string,
  schemaVersion: number,
  facts: unknown,
  body: unknown
): Result.Result<ReadEvent<E>, UnreadableEvent> => {
  const definition = definitionOf(catalogue, type)
  return definition === undefined
    ? Result.fail(new UnreadableEvent({ type, schemaVersion, reason: "unknown" }))
    : definition.read(schemaVersion, facts, body)
}
