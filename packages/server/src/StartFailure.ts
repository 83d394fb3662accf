import { Cause } from "effect"

const settingsTags = new Set([
  "SettingsRefused",
  "MasterKeyRefused",
  "IdentityMisconfigured",
  "SecretUnusable",
  "DevelopmentRefused"
])

const tagOf = (error: unknown) =>
  typeof error === "object" && error !== null && "_tag" in error ? String(error._tag) : ""

const errorsOf = (cause: Cause.Cause<unknown>): ReadonlyArray<unknown> =>
  cause.reasons.flatMap((reason) => (reason._tag === "Fail" ? [reason.error] : []))

/** Whoever starts it has to mend what they told it. */
export const refusedByItsSettings = (cause: Cause.Cause<unknown>): boolean =>
  errorsOf(cause).some((error) => settingsTags.has(tagOf(error)))

/** An error with what caused it, each in one line: the deepest one often names the port or the host. */
const told = (error: unknown): ReadonlyArray<string> => {
  if (!(error instanceof Error)) return []
  const rest = "cause" in error ? told(error.cause) : "reason" in error ? told(error.reason) : []
  return error.message === "" || rest.includes(error.message) ? rest : [error.message, ...rest]
}

/** Why the service did not start, for whoever typed the command: no stack where the message says all. */
export const explain = (cause: Cause.Cause<unknown>): string => {
  const lines = errorsOf(cause).flatMap(told)
  return lines.length === 0 ? Cause.pretty(cause) : [...new Set(lines)].join("\n  because ")
}
