import { b, lately, on, type Talk, w } from "../Talk.ts"

export const english: ReadonlyArray<Talk> = [
  {
    key: "morgenrot-priya",
    business: "morgenrot",
    worker: "priya",
    ends: "read",
    sittings: [
      on(
        86,
        "17:40",
        b(
          "Hi Priya, you wrote that you'd like to come to Berlin for the winter market. We need two hands for four weekends."
        ),
        w("Hello Noor! Yes, my cousin lives in Neukölln, so I have a place to stay."),
        b("Wonderful. Roasted almonds and tea, from 11 to 20, Saturday and Sunday. 15 € an hour."),
        w("Count me in. Should I learn some German first? 😅")
      ),
      on(
        5,
        "19:02",
        b("Three sentences are enough: Guten Tag! Vier Euro, bitte. Schönen Advent!"),
        w("Guten Tag! Vier Euro, bitte. Schönen Advent! ✅"),
        b("Perfect, you're hired twice.")
      )
    ]
  },
  {
    key: "morgenrot-diego",
    business: "morgenrot",
    worker: "diego",
    ends: "read",
    archivedBy: "business",
    sittings: [
      on(
        102,
        "13:15",
        w("Good afternoon, are you still looking for a driver for the early deliveries?"),
        b("Hello Diego! We were, until yesterday. I'm sorry, the place is taken."),
        w("No problem, thank you for the quick answer."),
        b("May I keep your application for spring? The terrace opens in April."),
        w("With pleasure. ¡Hasta pronto!")
      )
    ]
  },
  {
    key: "northline-diego",
    business: "northline",
    worker: "diego",
    ends: "read",
    sittings: [
      on(
        109,
        "11:00",
        b(
          "Hi Diego, we're looking for van drivers for the run-up to Christmas. Is your licence category B or C1?"
        ),
        w("Hello Tom! I have B and C1, and the digital tachograph card."),
        b("Brilliant. Any points?"),
        w("None 😇"),
        b("Could you come to Leeds for a driving assessment? We pay the train from London."),
        w("I am in Spain for the olive harvest until mid December. Would January be too late?")
      ),
      on(
        108,
        "09:41",
        b(
          "January is when everyone sends things back, so it's just as busy. Let's say Monday the 11th, 9 am?"
        ),
        w("Perfect. I'll book the flight when you confirm the address."),
        b("Northline Logistics, Unit 7, Cross Green Way, Leeds. Ask for me at gate 3."),
        w("Thank you, see you there!")
      )
    ]
  },
  {
    key: "northline-kenji",
    business: "northline",
    worker: "kenji",
    ends: "sent",
    sittings: [
      on(
        3,
        "12:12",
        b(
          "Hello Kenji, odd question: our canteen in Leeds wants to do one Japanese day a month. Would you come and train our two cooks for a weekend?"
        ),
        w("Hello Tom, that is a nice idea! What can they cook already?"),
        b("Full English, five days a week 😂 But they're keen."),
        w("Then they know how to work early. I could come on a weekend in February.")
      ),
      lately(
        12,
        w(
          "I made a list for the kitchen: rice cooker (10 l), short-grain rice, kombu, katsuobushi, light and dark soy sauce, mirin, one good knife each."
        ),
        w(
          "Please no sushi on the first day. We start with dashi and rice, and by Sunday evening they'll make a donburi you will queue for 🍚"
        )
      )
    ]
  }
]
