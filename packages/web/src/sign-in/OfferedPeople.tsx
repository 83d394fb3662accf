import { ListBox, ListBoxItem } from "react-aria-components"
import { Avatar } from "../inbox/Avatar.tsx"
import type { Catalogue } from "../texts/Catalogue.ts"
import { useTexts } from "../texts/TextsContext.tsx"
import type { OfferedPerson } from "./DevelopmentPeople.ts"

interface Props {
  readonly people: ReadonlyArray<OfferedPerson>
  readonly choose: (userId: string, name: string) => void
}

const roleOf = (texts: Catalogue, role: string | null) =>
  role === "business" || role === "worker" ? texts.roles[role] : role

export const OfferedPeople = ({ people, choose }: Props) => {
  const texts = useTexts()
  const described = ({ role, conversations }: OfferedPerson) =>
    [roleOf(texts, role), conversations === null ? null : texts.conversationCount(conversations)]
      .filter((part) => part !== null)
      .join(" · ")
  return (
    <ListBox
      className="people"
      aria-label={texts.whoTitle}
      items={people}
      selectionMode="none"
      onAction={(key) => {
        const person = people.find(({ userId }) => userId === key)
        if (person !== undefined) choose(person.userId, person.name)
      }}
      renderEmptyState={() => <p className="quiet">{texts.results(0)}</p>}
    >
      {(person) => (
        <ListBoxItem id={person.userId} className="person" textValue={person.name}>
          <Avatar id={person.userId} name={person.name} />
          <span className="person-name" dir="auto">
            {person.name}
          </span>
          <span className="person-about">
            <span>{described(person)}</span>
            {person.about !== null && <span dir="auto">{person.about}</span>}
          </span>
        </ListBoxItem>
      )}
    </ListBox>
  )
}
