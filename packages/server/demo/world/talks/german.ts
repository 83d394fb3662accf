import { b, lately, on, type Talk, w } from "../Talk.ts"

export const german: ReadonlyArray<Talk> = [
  {
    key: "morgenrot-lukas",
    business: "morgenrot",
    worker: "lukas",
    ends: "delivered",
    sittings: [
      on(
        64,
        "08:12",
        b(
          "Guten Morgen, Herr Weber! Ihre Bewerbung als Auszubildender in der Backstube hat uns gefallen. 🥨"
        ),
        b("Hätten Sie Lust auf einen Probetag? Wir fangen allerdings um 4 Uhr an."),
        w("Guten Morgen, Frau Haddad, das freut mich sehr! Ja, unbedingt."),
        w("4 Uhr ist kein Problem, ich wohne zehn Minuten mit dem Rad entfernt 🚲"),
        b("Wunderbar. Wie wäre es mit nächstem Donnerstag?"),
        w("Donnerstag passt. Was soll ich mitbringen?")
      ),
      on(
        63,
        "13:40",
        b(
          "Feste, rutschfeste Schuhe und gute Laune. Schürze und Haube bekommen Sie von uns. Und bitte die Belehrung vom Gesundheitsamt, falls Sie sie schon haben (§ 43 Infektionsschutzgesetz)."
        ),
        w("Die habe ich vom Schülerpraktikum, sie ist vom März. Reicht das?"),
        b(
          "Ja, die gilt noch. So finden Sie uns: https://morgenrot.example/anfahrt (der Eingang ist hinten im Hof)"
        ),
        w("Super, danke. Bis Donnerstag!")
      ),
      on(
        56,
        "11:05",
        b(
          "Lieber Herr Weber, das war ein toller Tag mit Ihnen. Die Brötchen von Blech drei waren Ihre, oder? 😄"
        ),
        w("Ja 😅 die etwas krummen. Mir hat es riesig Spaß gemacht, danke an das ganze Team!"),
        b("Krumm verkauft sich bei uns am besten. Wir möchten Ihnen den Ausbildungsplatz gern anbieten."),
        w("Wow, vielen Dank!! Ich muss nur noch kurz mit meinen Eltern sprechen."),
        b("Natürlich, lassen Sie sich Zeit bis Ende der Woche.")
      ),
      on(
        54,
        "16:31",
        w("Ich sage zu! 🎉"),
        b("Willkommen im Team! Sagen wir ab jetzt Du? Ich bin Noor."),
        w("Gern, ich bin Lukas."),
        b(
          "Lukas, für den Vertrag brauche ich:\n1. Kopie vom Ausweis\n2. Steuer-ID\n3. Sozialversicherungsnummer\n4. Krankenkasse\n5. letztes Zeugnis\n\nBring am besten alles am ersten Tag mit, ich mache die Kopien hier."
        ),
        w(
          "Alles klar, suche ich zusammen. Die Steuer-ID muss ich noch beantragen, das dauert wohl zwei Wochen."
        ),
        b("Kein Stress, die können wir nachreichen.")
      ),
      on(
        33,
        "05:48",
        w("Noor, die U8 fährt nicht, Signalstörung. Ich nehme das Rad und bin um 4:20 Uhr da, tut mir leid!"),
        b("Danke fürs Bescheidgeben. Fahr vorsichtig, es ist glatt."),
        w("Bin da 😮‍💨")
      ),
      on(
        6,
        "15:02",
        b(
          "Lukas, die Berufsschule hat angerufen: Am Mittwoch fällt der Unterricht aus. Magst du in die Backstube kommen oder frei machen?"
        ),
        w("Dann komme ich lieber. Dürfte ich den Sauerteig ansetzen? 🙏"),
        b("Darfst du. Roggen, Stufe zwei, ich lege dir das Rezept hin.")
      ),
      lately(
        38,
        b("Kleine Planänderung: Samstag öffnen wir schon um 6 Uhr, es ist Weihnachtsmarkt auf dem Platz."),
        b("Könntest du eine Stunde früher anfangen? Dafür ist Sonntag frei."),
        b("Stollen nicht vergessen 🎄")
      )
    ]
  },
  {
    key: "olivar-lukas",
    business: "olivar",
    worker: "lukas",
    ends: "read",
    sittings: [
      on(
        139,
        "17:20",
        w(
          "Hallo Frau Ruiz, ich suche für den Sommer Arbeit auf einem Hof. Mein Spanisch ist leider noch schlecht. Geht auch Deutsch oder Englisch?"
        ),
        b("Hallo Lukas! Deutsch geht, meine Großmutter war aus Kassel 😊"),
        w("Oh, wie schön! Dann auf Deutsch. Wird im August überhaupt geerntet?"),
        b(
          "Die Oliven kommen erst ab November. Im August brauchen wir Hilfe beim Bewässern und beim Zaunbau. Früh um 6 Uhr los, ab 13 Uhr ist es zu heiß."
        )
      ),
      on(
        137,
        "18:44",
        w("Das klingt gut. Wie wäre es mit Unterkunft?"),
        b("Ein Zimmer im Gästehaus, geteilt mit einem anderen Helfer. Essen gibt es mit der Familie."),
        w("Perfekt. Ich kann vom 3. bis zum 28. August."),
        b("Abgemacht. Sonnenhut nicht vergessen! ☀️")
      ),
      on(
        88,
        "09:10",
        b("Lukas, deine Abrechnung vom August ist raus. Danke für alles, der Zaun steht noch 😉"),
        w("Danke Ihnen! Liebe Grüße an alle, auch an den Esel.")
      )
    ]
  }
]
