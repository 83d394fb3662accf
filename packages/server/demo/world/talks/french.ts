import { b, lately, on, type Talk, w } from "../Talk.ts"

export const french: ReadonlyArray<Talk> = [
  {
    key: "lumiere-amira",
    business: "lumiere",
    worker: "amira",
    ends: "read",
    sittings: [
      on(
        118,
        "08:55",
        b("Bonjour Madame Mansour, votre candidature au poste d'agente d'accueil nous intéresse beaucoup."),
        b("Seriez-vous disponible pour un entretien en visio jeudi à 11 h ?"),
        w("Bonjour Madame Dubois, avec plaisir. Jeudi 11 h me convient très bien."),
        b("Parfait. Voici le lien : https://visio.clinique-lumiere.example/entretien-2207"),
        w("Merci, c'est noté !")
      ),
      on(
        116,
        "11:58",
        w("Merci pour cet échange, j'ai beaucoup aimé votre façon de présenter l'équipe."),
        b("Merci à vous. Nous avons encore deux entretiens, je reviens vers vous lundi.")
      ),
      on(
        112,
        "14:20",
        b(
          "Chère Amira,\n\nl'équipe a été très touchée par votre calme et par votre expérience auprès des familles. Nous aurions été heureux de vous accueillir, mais le poste demande finalement une présence de nuit une semaine sur deux, et vous nous aviez dit que ce n'était pas possible avec votre fille.\n\nJe garde votre dossier : un poste de jour s'ouvrira au printemps, et vous serez la première que j'appellerai."
        ),
        w(
          "Je comprends tout à fait, et je vous remercie pour votre franchise. Oui, gardez mon dossier, s'il vous plaît 🌼"
        ),
        b("Promis. Bonne continuation à vous deux !")
      ),
      on(
        17,
        "09:05",
        b("Bonjour Amira ! Comme promis : le poste de jour s'ouvre en mars. Toujours intéressée ?"),
        w(
          "Bonjour ! Quelle bonne surprise. Je travaille maintenant dans un café à Berlin et je m'y plais beaucoup. Puis-je réfléchir jusqu'à la fin du mois ?"
        ),
        b("Bien sûr, prenez votre temps.")
      )
    ]
  },
  {
    key: "olivar-amira",
    business: "olivar",
    worker: "amira",
    ends: "delivered",
    sittings: [
      on(
        97,
        "19:12",
        w(
          "Bonjour, je parle français et arabe, un peu anglais. Est-ce que vous cherchez encore quelqu'un pour l'accueil des visiteurs à la ferme ?"
        ),
        b(
          "Bonjour Amira ! Oui, pour les visites guidées du week-end. Il y a beaucoup de familles françaises en automne 🍂"
        ),
        w("Est-ce qu'il faut habiter sur place ?"),
        b("Ce serait mieux : le dernier bus part à 18 h.")
      ),
      lately(
        2_900,
        b(
          "Amira, petite question : seriez-vous libre pour deux semaines à Pâques ? Le gîte familial serait pour vous et votre fille."
        ),
        b("Pas besoin de répondre tout de suite 😊")
      )
    ]
  }
]
