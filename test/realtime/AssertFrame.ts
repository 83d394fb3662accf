import { assert } from "@effect/vitest"
import type { ServerFrame } from "@indelible/api/realtime/ServerFrame"

/** That a frame has these fields, compared by value; it may have more. */
export const assertFrame = (frame: ServerFrame | undefined, fields: Readonly<Record<string, unknown>>) =>
  assert.deepInclude<Record<string, unknown>>({ ...frame }, { ...fields })
