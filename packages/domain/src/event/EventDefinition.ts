import { Result, Schema } from "effect"
import type { DomainEvent } from "./DomainEvent.ts"

/** A stored event that this program cannot read: a type or version it does not know, or one that does not decode. */
export class UnreadableEvent extends Schema.TaggedError<UnreadableEvent>()("UnreadableEvent", {
  type: Schema.String,
  schemaVersion: Schema.Int,
  /** `unknown` is cured by a newer program; `malformed` is damage. Names no content. */
  reason: Schema.Literals(["unknown", "malformed"])
}) {
  override get message() {
    return `event ${this.type} version ${this.schemaVersion} is ${this.reason} to this program`
  }
}

/** An event that does not fit today's shape of its type: a decider's mistake. Names no content. */
export class UnwritableEvent extends Schema.TaggedError<UnwritableEvent>()("UnwritableEvent", {
  type: Schema.String,
  schemaVersion: Schema.Int,
  part: Schema.Literals(["facts", "body"])
}) {
  override get message() {
    return `the ${this.part} of an event ${this.type} do not fit version ${this.schemaVersion}`
  }
}

/** An event's two parts as they are stored, in the order of fields that the schema declares. */
export interface WrittenParts {
  readonly facts: unknown
  readonly body: unknown
}

/** How one version of an event lies in the store, as JSON. A type without content has `Schema.Null` as its body. */
export interface StoredVersion<Facts, Body> {
  readonly facts: Schema.Codec<Facts, unknown>
  readonly body: Schema.Codec<Body, unknown>
}

interface Parts<Facts, Body> {
  readonly facts: Facts
  readonly body: Body | null
}

/** The event that a definition describes. */
export type EventOf<Definition> =
  Definition extends EventDefinition<infer Type, infer Facts, infer Body>
    ? DomainEvent<Type, Facts, Body>
    : never

/** An event type with every version of it that was ever written. */
export interface EventDefinition<Type extends string, Facts, Body> {
  readonly type: Type
  /** The version written today, from 1. */
  readonly schemaVersion: number
  /** Decodes any stored version and carries it forward to today's. `body` is null where there is none, or no more. */
  readonly read: (
    schemaVersion: number,
    facts: unknown,
    body: unknown
  ) => Result.Result<DomainEvent<Type, Facts, Body | null>, UnreadableEvent>
  /**
   * Encodes a new event in today's version. What is stored stays for ever, so a field that the schema does not declare
   * is refused and not dropped, and so is a body that it could not be read back from.
   */
  readonly write: Writer
  /**
   * Declares the next version. Stored events are never rewritten: `upcast`, pure and total, turns what the version
   * before reads as into this one; it is given null for a body whose key was destroyed.
   */
  readonly next: <NextFacts, NextBody>(
    version: StoredVersion<NextFacts, NextBody>,
    upcast: (older: Parts<Facts, Body>) => Parts<NextFacts, NextBody>
  ) => EventDefinition<Type, NextFacts, NextBody>
}

type Reader<Facts, Body> = (
  schemaVersion: number,
  facts: unknown,
  body: unknown
) => Result.Result<Parts<Facts, Body>, UnreadableEvent>

type Writer = (facts: unknown, body: unknown) => Result.Result<WrittenParts, UnwritableEvent>

const encoder = <Facts, Body>(
  type: string,
  schemaVersion: number,
  version: StoredVersion<Facts, Body>
): Writer => {
  const encodeFacts = Schema.encodeUnknownResult(version.facts, { onExcessProperty: "error" })
  const encodeBody = Schema.encodeUnknownResult(version.body, { onExcessProperty: "error" })
  // Without the cause: it would show the content to whoever reads the log.
  const unwritable = (part: UnwritableEvent["part"]) => new UnwritableEvent({ type, schemaVersion, part })
  return (facts, body) => {
    const writtenFacts = encodeFacts(facts)
    if (Result.isFailure(writtenFacts)) return Result.fail(unwritable("facts"))
    const writtenBody = encodeBody(body)
    if (Result.isFailure(writtenBody)) return Result.fail(unwritable("body"))
    return Result.succeed({ facts: writtenFacts.success, body: writtenBody.success })
  }
}

const decoder = <Facts, Body>(
  type: string,
  schemaVersion: number,
  version: StoredVersion<Facts, Body>
): ((facts: unknown, body: unknown) => Result.Result<Parts<Facts, Body>, UnreadableEvent>) => {
  const malformed = () => new UnreadableEvent({ type, schemaVersion, reason: "malformed" })
  const decodeFacts = Schema.decodeUnknownResult(version.facts)
  const decodeBody = Schema.decodeUnknownResult(version.body)
  return (facts, body) =>
    Result.gen(function* () {
      const readFacts = yield* Result.mapError(decodeFacts(facts), malformed)
      const readBody = body === null ? null : yield* Result.mapError(decodeBody(body), malformed)
      return { facts: readFacts, body: readBody }
    })
}

const make = <Type extends string, Facts, Body>(
  type: Type,
  schemaVersion: number,
  read: Reader<Facts, Body>,
  write: Writer
): EventDefinition<Type, Facts, Body> => ({
  type,
  schemaVersion,
  read: (version, facts, body) => Result.map(read(version, facts, body), (parts) => ({ type, ...parts })),
  write,
  next: (version, upcast) => {
    const current = schemaVersion + 1
    const decode = decoder(type, current, version)
    return make(
      type,
      current,
      (stored, facts, body) =>
        stored === current ? decode(facts, body) : Result.map(read(stored, facts, body), upcast),
      encoder(type, current, version)
    )
  }
})

/** Declares an event type by its first version. The type's name and every field are stored: never rename one. */
export const defineEvent = <Type extends string, Facts, Body>(
  type: Type,
  version: StoredVersion<Facts, Body>
): EventDefinition<Type, Facts, Body> => {
  const decode = decoder(type, 1, version)
  return make(
    type,
    1,
    (stored, facts, body) =>
      stored === 1
        ? decode(facts, body)
        : Result.fail(new UnreadableEvent({ type, schemaVersion: stored, reason: "unknown" })),
    encoder(type, 1, version)
  )
}
