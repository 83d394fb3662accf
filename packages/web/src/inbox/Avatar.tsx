const segments = new Intl.Segmenter(undefined, { granularity: "grapheme" })

const first = (word: string): string => {
  for (const { segment } of segments.segment(word)) return segment
  return ""
}

/** The beginnings of the first and the last word. */
const initials = (name: string): string => {
  const words = name.split(/\s+/).filter((word) => /^[\p{L}\p{N}]/u.test(word))
  const [start = ""] = words
  const end = words.length > 1 ? (words.at(-1) ?? "") : ""
  return (first(start) + first(end)).toLocaleUpperCase()
}

const TINTS = 8

const tintOf = (id: string): number => {
  let sum = 0
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521
  return sum % TINTS
}

interface Props {
  readonly id: string
  readonly name: string
  readonly online?: boolean
}

/** A person's initials in a colour of theirs. Pure ornament: the name stands beside it. */
export const Avatar = ({ id, name, online = false }: Props) => (
  <span className="avatar" data-tint={tintOf(id)} data-online={online} aria-hidden="true">
    <span className="avatar-initials">{initials(name)}</span>
  </span>
)
