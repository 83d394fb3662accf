/** How a number is said; `other` is for every kind that a language does not name. */
export type Forms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string }

/** Says numbers in a language: `#` in a form stands for the number as that language writes it. */
export const pluralIn = (locale: string) => {
  const rules = new Intl.PluralRules(locale)
  const numbers = new Intl.NumberFormat(locale)
  return (count: number, forms: Forms): string =>
    (forms[rules.select(count)] ?? forms.other).replace("#", numbers.format(count))
}
