import { type RefObject, useLayoutEffect } from "react"

/** A field as high as its text, up to what its style allows. */
export const useGrowing = (field: RefObject<HTMLTextAreaElement | null>, text: string) => {
  // biome-ignore lint/correctness/useExhaustiveDependencies: its height follows from the text in it
  useLayoutEffect(() => {
    const element = field.current
    if (element === null || CSS.supports("field-sizing", "content")) return
    element.style.blockSize = "auto"
    element.style.blockSize = `${element.scrollHeight}px`
  }, [field, text])
}
