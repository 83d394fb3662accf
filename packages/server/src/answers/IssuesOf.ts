import { SchemaIssue } from "effect"

const format = SchemaIssue.makeFormatterStandardSchemaV1()

const segment = (part: PropertyKey | { readonly key: PropertyKey }): string | number => {
  const key = typeof part === "object" ? part.key : part
  return typeof key === "number" ? key : String(key)
}

/** Where and why something is not as its schema says. The messages say what was expected and quote nothing. */
export const issuesOf = (issue: SchemaIssue.Issue) =>
  format(issue).issues.map(({ message, path = [] }) => ({ path: path.map(segment), message }))
