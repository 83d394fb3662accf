import { useState } from "react"
import { Button, Form, Input, Label, SearchField, Text, TextField } from "react-aria-components"
import { LanguageChoice } from "../shell/LanguageChoice.tsx"
import { useTexts } from "../texts/TextsContext.tsx"
import type { OfferedPerson } from "./DevelopmentPeople.ts"
import { OfferedPeople } from "./OfferedPeople.tsx"
import { SharedComputer } from "./SharedComputer.tsx"
import type { Person } from "./SignedIn.ts"

interface Props {
  readonly people: ReadonlyArray<OfferedPerson>
  readonly enter: (person: Person) => void
}

/** More than fit on a screen are searched rather than scrolled. */
const SEARCHED_FROM = 9

/** A development service's sign-in: pick a person, or name one. */
export const WhoToBe = ({ people, enter }: Props) => {
  const texts = useTexts()
  const [words, setWords] = useState("")
  const [id, setId] = useState("")
  const [shared, setShared] = useState(false)
  const be = (userId: string, name: string) =>
    enter({ userId, name, keep: shared ? "memory" : "device", way: "development" })
  const wanted = words.trim().toLocaleLowerCase()
  const found = people.filter(({ name, about, userId }) =>
    `${name} ${about ?? ""} ${userId}`.toLocaleLowerCase().includes(wanted)
  )
  return (
    <section className="card who">
      <header>
        <h1>{texts.whoTitle}</h1>
        <p className="quiet">{texts.whoText}</p>
      </header>
      {people.length >= SEARCHED_FROM && (
        <SearchField className="field" aria-label={texts.findPerson} value={words} onChange={setWords}>
          <Input placeholder={texts.findPerson} />
        </SearchField>
      )}
      {people.length > 0 && <OfferedPeople people={found} choose={be} />}
      <Form
        className="by-id"
        onSubmit={(event) => {
          event.preventDefault()
          if (id.trim() !== "") be(id.trim(), "")
        }}
      >
        <TextField className="field" value={id} onChange={setId} autoComplete="off">
          <Label>{texts.personId}</Label>
          <Input dir="ltr" />
          <Text slot="description">{texts.personIdHint}</Text>
        </TextField>
        <Button className="button" type="submit" isDisabled={id.trim() === ""}>
          {texts.enter}
        </Button>
      </Form>
      <footer>
        <SharedComputer shared={shared} change={setShared} />
        <LanguageChoice />
      </footer>
    </section>
  )
}
