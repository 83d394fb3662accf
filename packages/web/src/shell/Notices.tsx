import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react"

interface Speaking {
  /** Shows a text for some seconds, and reads it out. */
  readonly notify: (text: string) => void
  /** Only reads a text out, for whoever does not see what changed. */
  readonly announce: (text: string) => void
}

const Context = createContext<Speaking>({ notify: () => undefined, announce: () => undefined })

export const useNotices = () => useContext(Context)

const SHOWN_FOR = 6000

export const Notices = ({ children }: { readonly children: ReactNode }) => {
  const [shown, setShown] = useState<{ readonly text: string; readonly count: number } | null>(null)
  const [said, setSaid] = useState("")
  // The same words twice would be no change to a screen reader: a space at their end makes them one.
  const announce = useCallback((text: string) => setSaid((last) => (last === text ? `${text} ` : text)), [])
  const notify = useCallback(
    (text: string) => {
      setShown((before) => ({ text, count: (before?.count ?? 0) + 1 }))
      announce(text)
    },
    [announce]
  )
  useEffect(() => {
    if (shown === null) return
    const timer = setTimeout(() => setShown(null), SHOWN_FOR)
    return () => clearTimeout(timer)
  }, [shown])
  const speaking = useMemo(() => ({ notify, announce }), [notify, announce])
  return (
    <Context value={speaking}>
      {children}
      {shown !== null && (
        <div className="notice" key={shown.count} aria-hidden="true">
          {shown.text}
        </div>
      )}
      <div className="unseen" role="status" aria-live="polite">
        {said}
      </div>
    </Context>
  )
}
