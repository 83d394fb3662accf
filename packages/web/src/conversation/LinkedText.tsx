import { memo } from "react"
import { useTexts } from "../texts/TextsContext.tsx"
import { piecesOf } from "./Links.ts"

/** A message's text: text all through, with links where it has addresses. Each line finds its own direction. */
export const LinkedText = memo(({ text }: { readonly text: string }) => {
  const texts = useTexts()
  let offset = 0
  return (
    <span className="text">
      {piecesOf(text).map((piece) => {
        const key = offset
        offset += 1
        if (piece.kind === "text") return <span key={key}>{piece.text}</span>
        return (
          <a
            key={key}
            href={piece.href}
            target="_blank"
            rel="noopener noreferrer"
            title={texts.linkTo(piece.host)}
          >
            <bdi dir="ltr">{piece.shown}</bdi>
          </a>
        )
      })}
    </span>
  )
})
