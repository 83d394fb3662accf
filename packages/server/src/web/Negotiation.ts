const codings = ["br", "gzip"] as const
export type Coding = (typeof codings)[number]

const weightOf = (parameters: string | undefined) => {
  const weight = /^\s*q=([\d.]+)\s*$/i.exec(parameters ?? "")?.[1]
  return weight === undefined ? 1 : Number(weight)
}

/** The smallest of the codings there are that a client takes, by its `Accept-Encoding`; none when it takes none. */
export const codingFor = (accepted: string | undefined, there: ReadonlyArray<Coding>): Coding | undefined => {
  const weights = new Map(
    (accepted ?? "").split(",").map((part) => {
      const [name = "", parameters] = part.split(";", 2)
      return [name.trim().toLowerCase(), weightOf(parameters)]
    })
  )
  return codings.find(
    (coding) => there.includes(coding) && (weights.get(coding) ?? weights.get("*") ?? 0) > 0
  )
}

/** Whether a client has this already, by its `If-None-Match`; weakly compared, as RFC 9110 has it for reading. */
export const hasIt = (ifNoneMatch: string | undefined, etag: string): boolean =>
  (ifNoneMatch ?? "").split(",").some((one) => {
    const tag = one.trim()
    return tag === "*" || tag.replace(/^W\//, "") === etag
  })
