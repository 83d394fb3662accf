import { ToggleButton, ToggleButtonGroup } from "react-aria-components"
import { type Language, languageNames, languages } from "../texts/Language.ts"
import { useSpoken } from "../texts/TextsContext.tsx"

const codes: ReadonlyArray<Language> = ["en", "ar"]

export const LanguageChoice = () => {
  const { texts, language, speak } = useSpoken()
  return (
    <ToggleButtonGroup
      className="choice"
      aria-label={texts.language}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[language]}
      onSelectionChange={(keys) => {
        const next = codes.find((code) => keys.has(code))
        if (next !== undefined) speak(next)
      }}
    >
      {codes.map((code) => (
        <ToggleButton key={code} id={code} className="choice-item" lang={languages[code].locale}>
          {languageNames[code]}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}
