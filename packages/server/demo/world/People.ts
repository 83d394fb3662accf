/** Somebody of the demo, as the surrounding platform puts them into the directory. */
export interface Person {
  readonly id: string
  readonly name: string
  readonly role: "business" | "worker"
  /** For whoever chooses whom to be. */
  readonly about: string
}

const business = (id: string, name: string, about: string): Person => ({
  id: `demo-${id}`,
  name,
  role: "business",
  about
})
const worker = (id: string, name: string, about: string): Person => ({
  id: `demo-${id}`,
  name,
  role: "worker",
  about
})

export const people = {
  morgenrot: business(
    "morgenrot",
    "Noor Haddad · Café Morgenrot",
    "café in Berlin, with the most conversations: English, German, Arabic"
  ),
  sakura: business("sakura", "佐藤 美咲 · さくらホテル", "hotel in Osaka: Japanese, English"),
  olivar: business(
    "olivar",
    "Carmen Ruiz · Finca El Olivar",
    "olive farm near Jaén: Spanish, French, German"
  ),
  lechem: business("lechem", "יעל כהן · מאפיית לחם חם", "bakery in Tel Aviv: Hebrew, English"),
  lumiere: business("lumiere", "Claire Dubois · Clinique Lumière", "clinic in Lyon: French, Spanish"),
  northline: business(
    "northline",
    "Tom Fletcher · Northline Logistics",
    "warehouse in Leeds: English, Hindi"
  ),
  kenji: worker(
    "kenji",
    "Kenji Tanaka 田中 健二",
    "cook: a conversation of hundreds of messages, and an archived one"
  ),
  amira: worker("amira", "أميرة منصور", "barista and receptionist: Arabic, French"),
  lukas: worker("lukas", "Lukas Weber", "baker's apprentice: German, English"),
  priya: worker("priya", "प्रिया शर्मा", "warehouse clerk: Hindi, English"),
  diego: worker("diego", "Diego Fernández", "harvester and driver: Spanish, French, English"),
  noa: worker("noa", "נועה לוי", "pastry cook: Hebrew, and an application without a conversation yet")
} as const satisfies Readonly<Record<string, Person>>

export type PersonName = keyof typeof people
