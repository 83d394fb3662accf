import { useLayoutEffect, useRef } from "react"
import type { Row } from "./TimelineRows.ts"

export interface Stretch {
  /** Another number: these rows have nothing in common with the ones before, so no scroll position carries over. */
  readonly number: number
  /** Rows came at the beginning: what is on the screen must stay where it is, counted from the end. */
  readonly grewAtStart: boolean
}

/** Compares rows with those shown before. */
export const useStretch = (rows: ReadonlyArray<Row>): Stretch => {
  const before = useRef({ rows, number: 0 })
  const shown = before.current.rows
  let { number } = before.current
  let grewAtStart = false
  if (shown !== rows && shown.length > 0) {
    const keys = new Set(rows.map(({ key }) => key))
    const common = shown.some(({ kind, key }) => (kind === "message" || kind === "system") && keys.has(key))
    if (!common) number += 1
    grewAtStart = common && shown.at(-1)?.key === rows.at(-1)?.key && rows.length !== shown.length
  }
  useLayoutEffect(() => {
    before.current = { rows, number }
  })
  return { number, grewAtStart }
}
