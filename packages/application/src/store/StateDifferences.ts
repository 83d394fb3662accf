import type { FieldDifference } from "./StateFinding.ts"

const isNested = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

const told = (value: unknown): string => (value === undefined ? "absent" : JSON.stringify(value))

const below = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`)

/** Where two states, as they are stored, differ: field by field down to the values, in no other order than theirs. */
export const stateDifferences = (
  kept: unknown,
  folded: unknown,
  path: string = ""
): ReadonlyArray<FieldDifference> => {
  if (isNested(kept) && isNested(folded)) {
    const keys = new Set([...Object.keys(kept), ...Object.keys(folded)])
    return [...keys].flatMap((key) => stateDifferences(kept[key], folded[key], below(path, key)))
  }
  return kept === folded
    ? []
    : [{ field: path === "" ? "state" : path, kept: told(kept), folded: told(folded) }]
}
