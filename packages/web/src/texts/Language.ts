import { Arabic } from "./Arabic.ts"
import type { Catalogue } from "./Catalogue.ts"
import { English } from "./English.ts"

export const languages = { en: English, ar: Arabic } as const satisfies Record<string, Catalogue>
export type Language = keyof typeof languages

/** Each by its own name, for whoever does not read the present one. */
export const languageNames: Readonly<Record<Language, string>> = { en: "English", ar: "العربية" }

const isLanguage = (code: string): code is Language => Object.hasOwn(languages, code)

const CHOSEN = "indelible.language"

/** What the address says, else what was chosen before, else what the browser prefers, else English. */
export const chosenLanguage = (): Language => {
  const asked = new URLSearchParams(location.search).get("lang")
  const wanted = [asked, localStorage.getItem(CHOSEN), ...navigator.languages.map((tag) => tag.slice(0, 2))]
  for (const code of wanted) if (code !== null && isLanguage(code)) return code
  return "en"
}

export const rememberLanguage = (language: Language) => localStorage.setItem(CHOSEN, language)
