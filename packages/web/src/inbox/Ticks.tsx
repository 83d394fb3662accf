import type { MessageState } from "@indelible/client"
import { useTexts } from "../texts/TextsContext.tsx"

const shapes: Readonly<Record<MessageState, string>> = {
  queued: "M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM8 5v3.200l2 1.300",
  sent: "M3.500 8.500l3 3 6-7",
  delivered: "M1 8.500l3 3 6-7M8 10.800l.8.7 6-7",
  read: "M1 8.500l3 3 6-7M8 10.800l.8.7 6-7",
  failed: "M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM8 5.200v3.300M8 10.800v.01"
}

interface Props {
  readonly state: MessageState
  /** With times, where they are known. */
  readonly description?: string
}

/** How far a message got: a picture to whoever sees it, words to whoever does not. */
export const Ticks = ({ state, description }: Props) => {
  const texts = useTexts()
  const said = description ?? texts.states[state]
  return (
    <span className="ticks" data-state={state} title={said}>
      <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
        <path d={shapes[state]} />
      </svg>
      <span className="unseen">{said}</span>
    </span>
  )
}
