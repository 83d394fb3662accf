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

/** What a fold is given: an event without its body, since the body may be gone one day, and where it stands. */
export interface Occurrence<Type extends string = string, Facts = unknown> {
  readonly type: Type
  readonly facts: Facts
  /** Position in the stream, from 1. */
  readonly pos: number
  /** ISO 8601 UTC with milliseconds. */
  readonly recordedAt: string
}

export type OccurrenceOf<E extends DomainEvent> =
  E extends DomainEvent<infer Type, infer Facts> ? Occurrence<Type, Facts> : never
