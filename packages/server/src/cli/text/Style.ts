/** What stands out, where the terminal has colours and `NO_COLOR` is not set; otherwise the text as it is. */
export interface Style {
  readonly strong: (text: string) => string
  readonly quiet: (text: string) => string
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
}

const between = (on: number, off: number) => (text: string) => `\u001B[${on}m${text}\u001B[${off}m`
const asItIs = (text: string) => text

export const coloured: Style = {
  strong: between(1, 22),
  quiet: between(2, 22),
  good: between(32, 39),
  bad: between(31, 39)
}

export const plain: Style = { strong: asItIs, quiet: asItIs, good: asItIs, bad: asItIs }

/**
 * Text that somebody else wrote, as one line that steers no terminal: a name or an error out of the database could hold
 * escape sequences.
 */
export const harmless = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\u{FFFD}")
