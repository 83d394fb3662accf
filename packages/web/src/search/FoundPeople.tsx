import type { FoundConversation } from "@indelible/client"
import { Button } from "react-aria-components"
import { Avatar } from "../inbox/Avatar.tsx"
import { useNameOf } from "../inbox/useNameOf.ts"
import { navigate, type Route } from "../shell/Route.ts"
import { useTexts } from "../texts/TextsContext.tsx"
import { ExcerptText } from "./ExcerptText.tsx"

interface Props {
  readonly people: ReadonlyArray<FoundConversation>
  readonly route: Route
}

/** Conversations whose other person's name was found. */
export const FoundPeople = ({ people, route }: Props) => {
  const texts = useTexts()
  const nameOf = useNameOf()
  return (
    <section>
      <h2>{texts.people}</h2>
      <ul>
        {people.map(({ conversation, name }) => (
          <li key={conversation.id}>
            <Button
              className={
                conversation.id === route.conversationId ? "found found-person current" : "found found-person"
              }
              onPress={() => navigate({ ...route, conversationId: conversation.id, at: null })}
            >
              <Avatar
                id={conversation.other.userId ?? conversation.id}
                name={nameOf(conversation.other)}
                online={conversation.presence?.online ?? false}
              />
              <span className="row-name">
                {name === null ? <bdi>{nameOf(conversation.other)}</bdi> : <ExcerptText excerpt={name} />}
              </span>
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
