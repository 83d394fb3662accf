import type { SchemaIssue } from "effect"
import { issuesOf } from "../answers/IssuesOf.ts"

const most = 10
const longest = 64

/** What is wrong, field by field. A client's own names come back to it; not 60 KB of them. */
export const faultsIn = (issue: SchemaIssue.Issue) =>
  issuesOf(issue)
    .slice(0, most)
    .map(({ message, path }) => ({
      path: path.map((part) => (typeof part === "string" ? part.slice(0, longest).toWellFormed() : part)),
      message
    }))
