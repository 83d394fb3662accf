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

interface Day {
  readonly meat: string
  readonly green: string
  readonly covers: number
  /** One of these, another each time. */
  readonly one: (...of: ReadonlyArray<string>) => string
}

/** What the two tell each other on one working day or another. */
const days: ReadonlyArray<(day: Day) => ReadonlyArray<Line>> = [
  ({ green, meat, one }) => [
    w(`Tomorrow: ${meat}, and ${green}. OK?`),
    b(
      one(
        "Lovely. I'll write it on the board.",
        "Yes please!",
        "Board is written 🖍️",
        "My favourite.",
        "Go for it."
      )
    )
  ],
  ({ covers, one }) => [
    b(`${covers} covers today 👏`),
    w(one("My feet counted more.", "And only one burnt pan.", "It felt like 100.", "The rain helped us.")),
    b(
      one(
        "😂 Sleep well!",
        "Tomorrow will be calmer.",
        "Have the rest of the cake!",
        "You deserve your evening."
      )
    )
  ],
  ({ green, one }) => [
    b(
      `Can ${green} be made without ${one("nuts", "gluten", "sesame", "egg", "soy", "celery", "milk", "garlic")}? ${one("A group of six has booked", "The school next door asks", "A guest will come on Thursday", "The dentist's team comes for lunch")}, one with an allergy.`
    ),
    w(
      one(
        "Yes. I'll use a clean pan and label it.",
        "Yes, I'll cook that portion first.",
        "Yes, but please tell me the table."
      )
    ),
    b("Thank you!")
  ],
  ({ one }) => [
    w(
      `We're down to ${one("2 kg of rice", "one bottle of mirin", "the last ginger", "three sheets of nori", "half a bag of flour", "two lemons", "1 l of soy sauce", "no chilli at all")}.`
    ),
    b(
      one(
        "Ordered, it comes with the dairy at 7.",
        "I'm passing the market, I'll bring some.",
        "On the list for tomorrow."
      )
    )
  ],
  ({ meat, one }) => [
    b(
      `Sold out of ${meat} at ${one("13:10", "12:55", "13:20", "13:05")}! ${one("Guests were nearly in tears.", "The postman was offended.", "Two people came back to ask.")}`
    ),
    w("Then 12 portions more tomorrow.")
  ],
  ({ one }) => [
    w(`The ${one("dishwasher says E15", "oven beeps", "left plate says E3", "fridge hums")} again.`),
    b(
      one(
        "Switch it off for ten minutes, then hold Start. Works every time.",
        "Give it a gentle kick at the bottom right. Seriously.",
        "I called the technician, he comes tomorrow at 8.",
        "Does it also say why? 😄"
      )
    ),
    w(one("It worked. I still don't trust it.", "Quiet now.", "Let's see until tomorrow."))
  ],
  ({ covers, one }) => [
    w(
      `${covers} today, ${one("4", "6", "3", "5")} portions left. I put them in the fridge for the morning shift.`
    ),
    b(
      one(
        "They will love you for it ❤️",
        "Gone by 6:30, I promise.",
        "Lukas says thank you with a full mouth."
      )
    )
  ],
  ({ one }) => [
    b(
      `Could you start at 9 instead of 10 tomorrow? ${one("The fish comes early.", "The chimney sweep comes.", "I have the tax office at 9:30.", "We photograph the new menu.")}`
    ),
    w(one("Sure, 9 is fine.", "No problem.", "9 it is."))
  ],
  ({ green, meat, one }) => [
    w(
      `Cost per plate this week: ${meat} ${one("3.10", "3.25", "2.95", "3.40")} €, ${green} ${one("2.20", "1.95", "2.35")} €.`
    ),
    b(
      one(
        "Below plan! Shall we take the better soy sauce, then?",
        "Very good. And the waste?",
        "You're a magician."
      )
    ),
    w(
      one(
        "I was hoping you would say that.",
        "Half a bucket a day, down from two.",
        "Only a man with a list 📋"
      )
    )
  ],
  ({ one }) => [
    w(
      `Delivery was short: ${one("3 crates of leeks instead of 5", "no spinach", "salmon for 20, not 30", "carrots, but which are parsnips", "one box of eggs, half of them broken")}.`
    ),
    b(
      one(
        "I'll call them. Use the chard if you need green.",
        "Third time this month. I'm looking for somebody else.",
        "They bring the rest at 11."
      )
    )
  ],
  ({ one }) => [
    b(
      `${one("Amira", "Lukas", "Mia", "Jonas")} wants to learn how you ${one("fold the onigiri", "roll the omelette", "cut daikon so thin", "sharpen the knives", "pickle the radishes")}. Ten minutes after lunch?`
    ),
    w(one("With pleasure, 14:30.", "Of course. Bring an apron.", "Yes! Clean hands, no rings."))
  ],
  ({ covers, one }) => [
    b(`A table of ${one("twelve", "nine", "fourteen", "ten")} for tomorrow 12:30, so about ${covers + 12}.`),
    w(
      one(
        "Noted. I'll prep tonight.",
        "Good, then I soak more beans.",
        "We need the big pot from the cellar."
      )
    )
  ],
  ({ one }) => [
    w(
      one(
        "Train is late, I'm there at 9:25.",
        "Flat tyre, I'm pushing the bike. 9:40?",
        "Overslept!! There in 15 minutes."
      )
    ),
    b("No worries, I'll switch the oven on."),
    w("Thank you 🙏"),
    b("180?"),
    w(one("200 please.", "170, with fan.", "180 is right."))
  ],
  ({ meat, one }) => [
    b(`Somebody asked for the recipe of the ${meat}.`),
    w(
      one(
        "Tell them: dashi, patience, and no shortcuts.",
        "My grandmother would have to agree first.",
        "I'll write it down for them."
      )
    ),
    b("😄")
  ],
  ({ one }) => [
    w(
      one(
        "Holiday question: may I take three days in the week after next?",
        "May I leave at 15:00 on Friday? My parents land at Tegel... I mean BER.",
        "Could I swap Saturday for Tuesday?",
        "Is the kitchen free on Sunday? I'd like to test a ramen."
      )
    ),
    b(one("Yes, put it in the plan, I'll do soups.", "Of course.", "Yes, if I may taste it."))
  ]
]

const workingDay = (index: number): Sitting => {
  const [meat = "soup", green = "salad"] = dishes[(index * 3) % dishes.length] ?? []
  const covers = 38 + ((index * 17) % 29)
  const time = `${String(8 + ((index * 5) % 9)).padStart(2, "0")}:${String((index * 23) % 60).padStart(2, "0")}`
  const one = (...of: ReadonlyArray<string>) => of[Math.floor(index / days.length) % of.length] ?? ""
  const told = days[(index * 4) % days.length]
  return on(118 - index, time, ...(told?.({ covers, green, meat, one }) ?? []))
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
