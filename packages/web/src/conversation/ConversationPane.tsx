import { lazy, Suspense, useRef, useState } from "react"
import { Composer } from "../composer/Composer.tsx"
import { focusList } from "../inbox/focusList.ts"
import { useNameOf } from "../inbox/useNameOf.ts"
import { Crash } from "../shell/Crash.tsx"
import { useNotices } from "../shell/Notices.tsx"
import { NotLoaded } from "../shell/NotLoaded.tsx"
import { goBack, type Route } from "../shell/Route.ts"
import { useObservable } from "../shell/useObservable.ts"
import { useWish } from "../shell/useShortcuts.ts"
import { refusalText } from "../texts/Refusal.ts"
import { useTexts } from "../texts/TextsContext.tsx"
import { ConversationHeader } from "./ConversationHeader.tsx"
import { MissingConversation } from "./MissingConversation.tsx"
import { type TimelineHandle, TimelineView } from "./TimelineView.tsx"
import { useOpenConversation } from "./useOpenConversation.ts"

const ConversationSearch = lazy(() => import("../search/ConversationSearch.tsx"))

interface Props {
  readonly id: string
  readonly route: Route
}

export const ConversationPane = ({ id, route }: Props) => {
  const texts = useTexts()
  const { notify } = useNotices()
  const open = useOpenConversation(id)
  const conversation = useObservable(open.conversation)
  const timeline = useRef<TimelineHandle>(null)
  const [searching, setSearching] = useState(false)
  const back = () => {
    goBack({ ...route, conversationId: null, at: null })
    focusList()
  }
  useWish("search-here", () => setSearching(true))
  useWish("escape", () => (searching ? setSearching(false) : back()))
  const nameOf = useNameOf()
  if (conversation === undefined) return <MissingConversation open={open} back={back} />
  const name = nameOf(conversation.other)
  const change = (to: Promise<void>, done: string) =>
    to.then(
      () => notify(done),
      (error: unknown) => notify(refusalText(texts, error))
    )
  return (
    <section className="conversation-pane" aria-label={texts.messagesWith(name)}>
      <div className="conversation">
        <ConversationHeader
          conversation={conversation}
          back={back}
          search={() => setSearching(true)}
          archive={() => void change(open.archive(), texts.archivedNow)}
          reopen={() => void change(open.reopen(), texts.reopenedNow)}
        />
        <TimelineView ref={timeline} open={open} conversation={conversation} at={route.at} />
        <Composer open={open} conversation={conversation} sent={() => timeline.current?.toNewest()} />
      </div>
      {searching && (
        <Crash
          instead={
            <div className="conversation-search">
              <NotLoaded />
            </div>
          }
        >
          <Suspense fallback={null}>
            <ConversationSearch open={open} route={route} close={() => setSearching(false)} />
          </Suspense>
        </Crash>
      )}
    </section>
  )
}
