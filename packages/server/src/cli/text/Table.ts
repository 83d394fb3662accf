import { harmless, type Style } from "./Style.ts"

export interface Column<Row> {
  readonly title: string
  readonly of: (row: Row) => string
  /** Numbers stand under each other by their last digit. */
  readonly right?: true
}

/** Rows under their titles, as wide as they need. Cells are made harmless; the last column may be of any length. */
export const table = <Row>(
  columns: ReadonlyArray<Column<Row>>,
  rows: ReadonlyArray<Row>,
  style: Style
): ReadonlyArray<string> => {
  const cells = rows.map((row) => columns.map(({ of }) => harmless(of(row))))
  const widths = columns.map(({ title }, i) =>
    Math.max(title.length, ...cells.map((line) => line[i]?.length ?? 0))
  )
  const line = (texts: ReadonlyArray<string>) =>
    texts
      .map((text, i) =>
        columns[i]?.right === true ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0)
      )
      .join("  ")
      .trimEnd()
  return [style.quiet(line(columns.map(({ title }) => title))), ...cells.map(line)]
}

/** What something is called and what it is, one below the other. */
export const pairs = (entries: ReadonlyArray<readonly [string, string]>): ReadonlyArray<string> => {
  const width = Math.max(...entries.map(([name]) => name.length))
  return entries.map(([name, value]) => `  ${name.padEnd(width)}  ${harmless(value)}`)
}
