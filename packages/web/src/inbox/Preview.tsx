import type { Conversation } from "@indelible/client"
import { useTexts } from "../texts/TextsContext.tsx"
import { Ticks } from "./Ticks.tsx"

/** The line under a name: who types, else what one began to write, else the newest message. */
export const Preview = ({ conversation }: { readonly conversation: Conversation }) => {
  const texts = useTexts()
  const { draft, failed, lastMessage, typing } = conversation
  if (typing) return <span className="preview typing-word">{texts.typing}</span>
  if (draft.trim() !== "") {
    return (
      <span className="preview">
        <span className="draft-word">{texts.draft}</span>
        <span className="preview-text" dir="auto">
          {draft.slice(0, 200)}
        </span>
      </span>
    )
  }
  if (lastMessage === null) return <span className="preview quiet">{texts.noMessagesYet}</span>
  const state = failed > 0 ? "failed" : lastMessage.state
  return (
    <span className="preview">
      {lastMessage.mine && state !== null && (
        <Ticks state={state} {...(failed > 0 ? { description: texts.notSentCount(failed) } : {})} />
      )}
      {lastMessage.preview === null ? (
        <em>{texts.notRetained}</em>
      ) : (
        <span className="preview-text" dir="auto">
          {lastMessage.preview}
        </span>
      )}
    </span>
  )
}
