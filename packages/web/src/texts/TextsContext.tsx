import { createContext, type ReactNode, useContext, useLayoutEffect, useMemo, useState } from "react"
import { I18nProvider } from "react-aria-components"
import type { Catalogue } from "./Catalogue.ts"
import { type Dates, datesIn } from "./Dates.ts"
import { English } from "./English.ts"
import { chosenLanguage, type Language, languages, rememberLanguage } from "./Language.ts"

interface Spoken {
  readonly texts: Catalogue
  readonly dates: Dates
  readonly language: Language
  readonly speak: (language: Language) => void
}

const Context = createContext<Spoken>({
  texts: English,
  dates: datesIn("en"),
  language: "en",
  speak: () => undefined
})

export const useSpoken = () => useContext(Context)
export const useTexts = () => useContext(Context).texts
export const useDates = () => useContext(Context).dates

export const TextsProvider = ({ children }: { readonly children: ReactNode }) => {
  const [language, setLanguage] = useState(chosenLanguage)
  const texts: Catalogue = languages[language]
  useLayoutEffect(() => {
    document.documentElement.lang = texts.locale
    document.documentElement.dir = texts.direction
  }, [texts])
  const spoken = useMemo<Spoken>(
    () => ({
      texts,
      dates: datesIn(texts.locale),
      language,
      speak: (next) => {
        rememberLanguage(next)
        setLanguage(next)
      }
    }),
    [texts, language]
  )
  return (
    <Context value={spoken}>
      <I18nProvider locale={texts.locale}>{children}</I18nProvider>
    </Context>
  )
}
