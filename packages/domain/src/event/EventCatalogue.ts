import { Result } from "effect"
import type { DomainEvent, ReadEvent } from "./DomainEvent.ts"
import { type EventDefinition, UnreadableEvent } from "./EventDefinition.ts"

/** Every event type of one aggregate, by name. */
export type EventCatalogue<E extends DomainEvent> = {
  readonly [Type in E["type"]]: Extract<E, { readonly type: Type }> extends DomainEvent<
    string,
    infer Facts,
    infer Body
  >
    ? EventDefinition<Type, Facts, Body>
    : never
}

/** Any catalogue, seen only through what reading needs. */
type Reading<E extends DomainEvent> = Readonly<
  Record<
    string,
    {
      readonly read: (
        version: number,
        facts: unknown,
        body: unknown
      ) => Result.Result<ReadEvent<E>, UnreadableEvent>
    }
  >
>

/** Decodes one stored event of any known version into today's shape. */
export const readEvent = <E extends DomainEvent>(
  catalogue: Reading<E>,
  type: string,
  schemaVersion: number,
  facts: unknown,
  body: unknown
): Result.Result<ReadEvent<E>, UnreadableEvent> => {
  const definition = Object.hasOwn(catalogue, type) ? catalogue[type] : undefined
  return definition === undefined
    ? Result.fail(new UnreadableEvent({ type, schemaVersion, reason: "unknown" }))
    : definition.read(schemaVersion, facts, body)
}
