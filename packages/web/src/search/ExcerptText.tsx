import type { Excerpt } from "@indelible/client"

/** Text round what was searched for, which is marked. */
export const ExcerptText = ({ excerpt }: { readonly excerpt: Excerpt }) => {
  let offset = 0
  return (
    <bdi className="excerpt">
      {excerpt.cutBefore && "…"}
      {excerpt.parts.map(({ text, hit }) => {
        const key = offset
        offset += text.length
        return hit ? <mark key={key}>{text}</mark> : <span key={key}>{text}</span>
      })}
      {excerpt.cutAfter && "…"}
    </bdi>
  )
}
