/** One row of a table. */
export type Line = Readonly<Record<string, string | number | boolean>>

export interface Goal {
  readonly what: string
  readonly measured: string | number
  readonly goal: string
  readonly met: boolean
}

/** What a phase found. */
export interface Report {
  readonly tables: Readonly<Record<string, ReadonlyArray<Line>>>
  readonly goals: ReadonlyArray<Goal>
}

export const rounded = (value: number, digits = 1): number => Number(value.toFixed(digits))

/** A goal of at most so much. */
export const atMost = (what: string, measured: number, limit: number, unit: string): Goal => ({
  what,
  measured: `${measured} ${unit}`,
  goal: `at most ${limit} ${unit}`,
  met: measured <= limit
})

export const atLeast = (what: string, measured: number, limit: number, unit: string): Goal => ({
  what,
  measured: `${measured} ${unit}`,
  goal: `at least ${limit} ${unit}`,
  met: measured >= limit
})
