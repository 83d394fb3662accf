import type { PersonPrincipal } from "@indelible/application/identity/Principal"
import { type Effect, Result, type Schema } from "effect"
import type { SecureRandom } from "effect/crypto/SecureRandom"
import { fieldsOf } from "./FrameReader.ts"
import { authenticateFirst, type FrameFailure } from "./Refusals.ts"
import type { Refusal, Session } from "./Session.ts"

/** What is done for a frame; it answers on the session, or fails with what its sender is told. */
export type FrameWork = Effect.Effect<void, FrameFailure, SecureRandom>

/** Reads one type of frame and does what it asks, with the shape of the frame closed over. */
export interface FrameHandler {
  readonly type: string
  readonly accept: (session: Session, frame: object) => Result.Result<FrameWork, Refusal>
}

interface Typed {
  readonly type: string
}

type FrameSchema<A extends Typed> = Schema.Codec<A, unknown> & {
  readonly fields: { readonly type: { readonly literal: string } }
}

/** A frame that whoever connected may send. */
export const openFrame = <A extends Typed>(
  schema: FrameSchema<A>,
  handle: (session: Session, frame: A) => FrameWork
): FrameHandler => {
  const read = fieldsOf(schema)
  return {
    type: schema.fields.type.literal,
    accept: (session, frame) => Result.map(read(frame), (fields) => handle(session, fields))
  }
}

/** A frame that only a known person may send: others learn nothing, not even whether it is well made. */
export const personFrame = <A extends Typed>(
  schema: FrameSchema<A>,
  handle: (session: Session, person: PersonPrincipal, frame: A) => FrameWork
): FrameHandler => {
  const read = fieldsOf(schema)
  return {
    type: schema.fields.type.literal,
    accept: (session, frame) => {
      const { principal } = session
      return principal === undefined
        ? Result.fail(authenticateFirst)
        : Result.map(read(frame), (fields) => handle(session, principal, fields))
    }
  }
}
