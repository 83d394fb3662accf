import { useCallback } from "react"
import { navigate, type Route } from "../shell/Route.ts"
import { useSession } from "../shell/SessionContext.ts"
import { useTexts } from "../texts/TextsContext.tsx"
import { FoundMessageList } from "./FoundMessageList.tsx"
import { FoundPeople } from "./FoundPeople.tsx"
import { useFound } from "./useFound.ts"
import { usePeople } from "./usePeople.ts"

interface Props {
  readonly words: string
  readonly route: Route
}

/** People and messages in all one's conversations. Loaded when first searched: hence the default export. */
const SearchResults = ({ words, route }: Props) => {
  const texts = useTexts()
  const { client } = useSession()
  const ask = useCallback(
    (wanted: string, cursor: string | undefined) =>
      client.searchMessages(cursor === undefined ? { words: wanted } : { words: wanted, cursor }),
    [client]
  )
  const { found, more } = useFound(words, ask)
  const people = usePeople(client, words)
  const nothing = people.length === 0 && found.messages.length === 0
  const answered = words.trim() !== "" && !found.busy && found.error === null
  return (
    <div className="results">
      {words.trim() === "" && <p className="nothing quiet">{texts.searchHint}</p>}
      <p className="unseen" role="status">
        {answered ? texts.results(people.length + found.messages.length) : ""}
      </p>
      {nothing && answered && <p className="nothing quiet">{texts.nothingFound(words.trim())}</p>}
      {people.length > 0 && <FoundPeople people={people} route={route} />}
      {(found.messages.length > 0 || found.error !== null) && (
        <section>
          <h2>{texts.messages}</h2>
          <FoundMessageList
            found={found}
            more={more}
            within="all"
            isCurrent={({ conversationId, pos }) =>
              conversationId === route.conversationId && pos === route.at
            }
            show={({ conversationId, pos }) => navigate({ ...route, conversationId, at: pos })}
          />
        </section>
      )}
    </div>
  )
}

export default SearchResults
