import type { PersonName } from "./People.ts"
import type { Talk } from "./Talk.ts"
import { arabic } from "./talks/arabic.ts"
import { english } from "./talks/english.ts"
import { french } from "./talks/french.ts"
import { german } from "./talks/german.ts"
import { bakery, hebrew } from "./talks/hebrew.ts"
import { hindi } from "./talks/hindi.ts"
import { hotel, japanese } from "./talks/japanese.ts"
import { kitchen } from "./talks/kitchen.ts"
import { spanish } from "./talks/spanish.ts"

/** Each joins another pair of people. */
export const talks: ReadonlyArray<Talk> = [
  kitchen,
  ...[german, arabic, spanish, french, japanese, hotel, hebrew, bakery, hindi, english].flat()
]

/** An application that nobody has written about yet. */
export const unopened: { readonly key: string; readonly business: PersonName; readonly worker: PersonName } =
  {
    key: "morgenrot-noa",
    business: "morgenrot",
    worker: "noa"
  }
