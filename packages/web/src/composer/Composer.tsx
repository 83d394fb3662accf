import type { Conversation, OpenConversation } from "@indelible/client"
import { useEffect, useRef, useState } from "react"
import { Button } from "react-aria-components"
import { useNameOf } from "../inbox/useNameOf.ts"
import { Icon } from "../shell/Icon.tsx"
import { useNotices } from "../shell/Notices.tsx"
import { refusalText } from "../texts/Refusal.ts"
import { useTexts } from "../texts/TextsContext.tsx"
import { CharactersLeft } from "./CharactersLeft.tsx"
import { codePointsLeft } from "./CodePoints.ts"
import { EmojiButton } from "./EmojiButton.tsx"
import { useGrowing } from "./useGrowing.ts"

interface Props {
  readonly open: OpenConversation
  readonly conversation: Conversation
  readonly sent: () => void
}

export const Composer = ({ open, conversation, sent }: Props) => {
  const texts = useTexts()
  const { notify } = useNotices()
  const name = useNameOf()(conversation.other)
  const field = useRef<HTMLTextAreaElement>(null)
  // What another tab drafts shows until one writes here.
  const [typed, setTyped] = useState<string | null>(null)
  const text = typed ?? conversation.draft
  const left = codePointsLeft(text)
  useGrowing(field, text)
  useEffect(() => {
    // On a phone it would bring up the keyboard, over what one came to read.
    if (matchMedia("(pointer: fine)").matches) field.current?.focus({ preventScroll: true })
  }, [])
  useEffect(() => {
    // Sent, and so nothing is being written here.
    if (typed === "" && conversation.draft === "") setTyped((now) => (now === "" ? null : now))
  }, [typed, conversation.draft])
  const write = (next: string) => {
    setTyped(next)
    open.setDraft(next)
  }
  const send = () => {
    if (text.trim() === "" || (left !== null && left < 0)) return
    write("")
    open.typing(false)
    sent()
    open.send(text).catch((error: unknown) => {
      notify(refusalText(texts, error))
      setTyped((now) => (now === "" ? text : now))
      open.setDraft(field.current?.value === "" ? text : (field.current?.value ?? text))
    })
  }
  const insert = (emoji: string) => {
    const { selectionStart = text.length, selectionEnd = text.length } = field.current ?? {}
    write(text.slice(0, selectionStart) + emoji + text.slice(selectionEnd))
    const after = selectionStart + emoji.length
    requestAnimationFrame(() => field.current?.setSelectionRange(after, after))
  }
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault()
        send()
        // Not left on a button that is about to be disabled.
        field.current?.focus({ preventScroll: true })
      }}
    >
      {conversation.status !== "ACTIVE" && <p className="composer-note">{texts.archivedNote}</p>}
      <div className="composer-line">
        <EmojiButton insert={insert} back={() => field.current?.focus()} />
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          aria-label={texts.writeTo(name)}
          placeholder={texts.writeHint}
          enterKeyHint="send"
          value={text}
          onChange={(event) => {
            write(event.target.value)
            open.typing(event.target.value !== "")
          }}
          onBlur={() => open.typing(false)}
          onKeyDown={(event) => {
            // While an input method composes, Enter takes its suggestion. Safari says so by the key code alone.
            if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return
            if (event.keyCode === 229) return
            event.preventDefault()
            send()
          }}
        />
        <Button
          type="submit"
          className="send-button"
          aria-label={texts.send}
          isDisabled={text.trim() === "" || (left !== null && left < 0)}
        >
          <Icon name="send" />
        </Button>
      </div>
      {left !== null && <CharactersLeft left={left} />}
    </form>
  )
}
