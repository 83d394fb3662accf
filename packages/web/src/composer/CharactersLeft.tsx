import { useTexts } from "../texts/TextsContext.tsx"

/** Near the limit of a message: how much may still be written. */
export const CharactersLeft = ({ left }: { readonly left: number }) => {
  const texts = useTexts()
  return (
    <p className="characters" role={left < 0 ? "alert" : "status"} data-over={left < 0}>
      {left < 0 ? texts.charactersOver(-left) : texts.charactersLeft(left)}
    </p>
  )
}
