import type { FoundMessage, FoundMessages } from "@indelible/client"
import { useCallback, useEffect, useState } from "react"

export interface Found {
  readonly messages: ReadonlyArray<FoundMessage>
  readonly next: string | null
  readonly busy: boolean
  readonly error: unknown
}

const NOTHING: Found = { messages: [], next: null, busy: false, error: null }

/** Long enough that a word typed fast is one question, short enough that nobody waits. */
const PAUSE = 180

/** Answers are those of the words now, however late older ones come. `ask` must be the same from render to render. */
export const useFound = (
  words: string,
  ask: (words: string, cursor: string | undefined) => Promise<FoundMessages>
) => {
  const [found, setFound] = useState(NOTHING)
  const wanted = words.trim()
  useEffect(() => {
    let current = true
    if (wanted === "") {
      setFound(NOTHING)
      return
    }
    setFound((before) => ({ ...before, busy: true, error: null }))
    const timer = setTimeout(() => {
      ask(wanted, undefined).then(
        (page) => current && setFound({ ...page, busy: false, error: null }),
        (error: unknown) => current && setFound({ ...NOTHING, error })
      )
    }, PAUSE)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [wanted, ask])
  const more = useCallback(() => {
    if (found.next === null || found.busy) return
    setFound({ ...found, busy: true })
    const after = (change: (now: Found) => Found) =>
      setFound((now) => (now.messages === found.messages ? change(now) : now))
    ask(wanted, found.next).then(
      (page) =>
        after((now) => ({ ...now, ...page, messages: [...now.messages, ...page.messages], busy: false })),
      (error: unknown) => after((now) => ({ ...now, busy: false, error }))
    )
  }, [found, wanted, ask])
  return { found, more }
}
