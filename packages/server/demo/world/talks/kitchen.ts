import { b, type Line, lately, on, type Sitting, type Talk, w } from "../Talk.ts"

const beginning: ReadonlyArray<Sitting> = [
  on(
    142,
    "10:02",
    b(
      "Hi Kenji! You wrote that you'd like to move to Berlin. We want to serve warm lunch at the café, and you would run that small kitchen."
    ),
    w("Hi Noor! Thank you, I have read about the café. How many seats?"),
    b(
      "34 inside and 20 in the yard when it's warm. One oven, four induction plates, and a very stubborn dishwasher."
    ),
    w("I like stubborn 😄 What would you like on the menu?"),
    b("Two dishes a day, one of them vegetarian. Everything else is up to you."),
    w("That sounds like a dream.")
  ),
  on(
    139,
    "15:30",
    b(
      "The contract is ready: 38 hours, Tuesday to Saturday, 28 days of holiday. First week is a trial week, paid."
    ),
    w("Thank you. I bring my passport, visa and the certificate from the health office."),
    b("And your knives!"),
    w("Always 🔪")
  )
]

const dishes = [
  ["oyakodon", "miso aubergine"],
  ["chicken curry", "pumpkin curry"],
  ["salmon teriyaki", "tofu teriyaki"],
  ["gyudon", "mushroom donburi"],
  ["lentil soup with merguez", "lentil soup with feta"],
  ["karaage", "sweet potato tempura"],
  ["musakhan", "okra in tomato"]
] as const

type Told = (day: {
  readonly meat: string
  readonly green: string
  readonly covers: number
}) => ReadonlyArray<Line>

/** What the two tell each other on one working day or another. */
const days: ReadonlyArray<Told> = [
  ({ green, meat }) => [w(`Tomorrow: ${meat}, and ${green}. OK?`), b("Lovely. I'll write it on the board.")],
  ({ covers }) => [b(`${covers} covers today 👏`), w("My feet counted more."), b("😂 Sleep well!")],
  ({ green }) => [
    b(`Can ${green} be made without nuts? A group of six has booked, one with an allergy.`),
    w("Yes. I'll use a clean pan and label it."),
    b("Thank you!")
  ],
  () => [w("We're down to 2 kg of rice."), b("Ordered, it comes with the dairy at 7.")],
  ({ meat }) => [
    b(`Sold out of ${meat} at 13:10! Guests were nearly in tears.`),
    w("Then 12 portions more tomorrow.")
  ],
  () => [
    w("The dishwasher says E15 again."),
    b("Switch it off for ten minutes, then hold Start. Works every time."),
    w("It worked. I still don't trust it.")
  ],
  ({ covers }) => [
    w(`${covers} today, 4 portions left. I put them in the fridge for the morning shift.`),
    b("They will love you for it ❤️")
  ],
  () => [b("Could you start at 9 instead of 10 tomorrow? The fish comes early."), w("Sure, 9 is fine.")],
  ({ green, meat }) => [
    w(`Cost per plate this week: ${meat} 3.10 €, ${green} 2.20 €.`),
    b("Below plan! Shall we take the better soy sauce, then?"),
    w("I was hoping you would say that.")
  ],
  () => [
    w("Delivery was short: 3 crates of leeks instead of 5."),
    b("I'll call them. Use the chard if you need green.")
  ],
  () => [
    b("Amira wants to learn how you fold the onigiri. Ten minutes after lunch?"),
    w("With pleasure, 14:30.")
  ],
  ({ covers }) => [
    b(`A table of twelve for tomorrow 12:30, so about ${covers + 12}.`),
    w("Noted. I'll prep tonight.")
  ],
  () => [
    w("Train is late, I'm there at 9:25."),
    b("No worries, I'll switch the oven on."),
    w("Thank you 🙏"),
    b("180?"),
    w("200 please.")
  ],
  ({ meat }) => [
    b(`Somebody asked for the recipe of the ${meat}.`),
    w("Tell them: dashi, patience, and no shortcuts."),
    b("😄")
  ],
  () => [
    w("Holiday question: may I take three days in the week after next?"),
    b("Yes, put it in the plan, I'll do soups.")
  ]
]

const workingDay = (index: number): Sitting => {
  const [meat = "soup", green = "salad"] = dishes[(index * 3) % dishes.length] ?? []
  const told = days[(index * 4) % days.length]
  const covers = 38 + ((index * 17) % 29)
  const time = `${String(8 + ((index * 5) % 9)).padStart(2, "0")}:${String((index * 23) % 60).padStart(2, "0")}`
  return on(118 - index, time, ...(told?.({ covers, green, meat }) ?? []))
}

/** Long enough to scroll in: a working day after another, and what they say today. */
export const kitchen: Talk = {
  key: "morgenrot-kenji",
  business: "morgenrot",
  worker: "kenji",
  ends: "delivered",
  sittings: [
    ...beginning,
    ...Array.from({ length: 116 }, (_, index) => workingDay(index)),
    lately(
      26,
      w("Today's numbers: 61 covers, nothing left. New record!"),
      b("Kenji!! 🎉🎉 That calls for cake."),
      b("Also: the newspaper wants to write about your lunch. Is tomorrow at 15:00 all right for a photo?"),
      w("A photo of the food, yes. Of me, only from behind 🙈"),
      w("And please tell them it's our lunch: Lukas baked the bread, Amira made the onigiri."),
      w("One more thing. May I order the big donabe? 89 €, it lasts for thirty years.")
    )
  ]
}
