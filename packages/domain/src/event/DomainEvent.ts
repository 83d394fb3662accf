/**
 * An event as domain code makes it. `facts` is what folds, decisions, projection keys and counts need; it stays
 * readable for ever. `body` is content and outside identifiers, stored encrypted under a key that can be destroyed;
 * null for a type that carries none.
 */
export interface DomainEvent<Type extends string = string, Facts = unknown, Body = unknown> {
  readonly type: Type
  readonly facts: Facts
  readonly body: Body
}

/** An event as it is read back: the body is null when the type has none, and when its key was destroyed. */
export type ReadEvent<E extends DomainEvent> =
  E extends DomainEvent<infer Type, infer Facts, infer Body> ? DomainEvent<Type, Facts, Body | null> : never

/**
 * What a fold is given: an event and where it stands. The body may be null on any later day, so a fold that needs it
 * does not compile.
 */
export type OccurrenceOf<E extends DomainEvent> = (E | ReadEvent<E>) & Place

export interface Place {
  /** Position in the stream, from 1. */
  readonly pos: number
  /** ISO 8601 UTC with milliseconds. */
  readonly recordedAt: string
}
