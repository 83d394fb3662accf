import { b, lately, on, type Talk, w } from "../Talk.ts"

export const hebrew: ReadonlyArray<Talk> = [
  {
    key: "lechem-noa",
    business: "lechem",
    worker: "noa",
    ends: "delivered",
    sittings: [
      on(
        58,
        "07:20",
        b("היי נועה, כאן יעל ממאפיית לחם חם. ראיתי את תיק העבודות שלך, הקרואסונים נראים מדהים 🥐"),
        w("היי יעל, איזה כיף לשמוע! הם התוצאה של שלושה חודשים של ניסיונות 😄"),
        b("אנחנו מחפשות קונדיטורית למשמרת הלילה, מ־23:00 עד 6:00. זה מתאים לך?"),
        w("כן, אני ממילא ציפור לילה. כמה משמרות בשבוע?"),
        b("ארבע, ובחגים חמש. שישי בלילה תמיד חופשי.")
      ),
      on(
        55,
        "09:05",
        b("נפגשות ביום שני ב־10:00 למבחן מעשי? תכיני משהו אחד מבצק עלים ומשהו אחד לבחירתך."),
        w("מעולה. יש אצלכן חמאה 82%, או שאביא את שלי?"),
        b("יש הכול, תביאי רק את עצמך 🙂"),
        w("סגור!")
      ),
      on(
        50,
        "12:48",
        b("נועה, כל הצוות הצביע פה אחד. מתי את מתחילה?"),
        w("ביום ראשון! 🥳"),
        b("נהדר. תביאי בבקשה טופס 101, צילום תעודת זהות ואישור ניהול חשבון."),
        w("אביא הכול. תודה על ההזדמנות!")
      ),
      on(
        19,
        "04:30",
        w("יעל, התנור השני לא מגיע ל־240 מעלות, הוא נעצר ב־190."),
        b("אוי. תעבירי הכול לתנור 1, אני מזמינה טכנאי ל־7:00."),
        w("העברתי. הלחם יתעכב בערך ב־40 דקות."),
        b("אלופה. אעדכן את החנויות.")
      ),
      lately(
        21,
        b("בוקר טוב! יש לנו הזמנה של 600 סופגניות לחנוכה 🕎"),
        b("אפשר לסמוך עלייך למשמרת נוספת ביום שלישי? כמובן בתוספת של 150%."),
        b("ואם יש לך רעיון למילוי חדש, תכתבי לי.")
      )
    ]
  }
]

/** In English, with a bakery that writes Hebrew to others. */
export const bakery: ReadonlyArray<Talk> = [
  {
    key: "lechem-lukas",
    business: "lechem",
    worker: "lukas",
    ends: "read",
    sittings: [
      on(
        30,
        "14:00",
        w(
          "Hello Yael, our vocational school offers four weeks abroad, and I would love to learn challah and pita with you."
        ),
        b("Hi Lukas! What a lovely idea. We have had two exchange apprentices before. When would it be?"),
        w(
          "Between April and June, whenever it suits you. The programme pays for flight and insurance: https://exchange.example/bakers"
        ),
        b("May is good, after Passover. Before that there is no bread to bake at all 😅"),
        w("Haha, of course! May it is.")
      ),
      on(
        26,
        "08:33",
        b(
          "I spoke to the team: you can stay with Dror, our head baker. He starts at 2 am and snores, he says."
        ),
        w("I start at 4 in Berlin, so I'm halfway there. Thank you, and thanks to Dror!"),
        b("Please send me the form of your school when you have it. שבת שלום!"),
        w("Will do. Schabbat Schalom!")
      )
    ]
  }
]
