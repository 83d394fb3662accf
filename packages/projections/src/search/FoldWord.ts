/** Letters that people type without their mark, though Unicode does not take them apart. */
const plain: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ð: "d",
  þ: "th",
  ł: "l",
  ħ: "h",
  ı: "i",
  ŧ: "t",
  ς: "σ"
}
const PLAIN = /[ßæœøđðþłħıŧς]/g

/**
 * What makes no difference to whoever searches: accents, vowel points of Arabic and Hebrew, tatweel, skin tones, and
 * code points that are not seen. The vowel signs of Indian and South-East Asian scripts stay, and so do the Japanese
 * sound marks: with them it is another word. So do tags, which tell some flags from others.
 */
const IGNORED =
  /[\p{Default_Ignorable_Code_Point}--[\u{e0020}-\u{e007f}]]|[[\p{Mn}&&[\p{Script=Inherited}\p{Script=Arabic}\p{Script=Hebrew}]]--[\u3099\u309a]]|\u0640|\p{Emoji_Modifier}/gv

const ONLY_PLAIN_LETTERS = /^[a-z0-9]*$/

/** Longer words are cut, in the index and in what is asked for alike: Postgres takes 2,046 bytes. */
const LONGEST = 64

const cut = (word: string): string => (word.length <= LONGEST ? word : [...word].slice(0, LONGEST).join(""))

/** The form in which a word is searched: without case, accents and compatibility forms. May be empty. */
export const foldWord = (word: string): string => {
  const lower = word.toLowerCase()
  if (ONLY_PLAIN_LETTERS.test(lower)) return cut(lower)
  return cut(
    word
      .normalize("NFKD")
      .toLowerCase()
      .replace(IGNORED, "")
      .replace(PLAIN, (letter) => plain[letter] ?? letter)
      .normalize("NFC")
  )
}
