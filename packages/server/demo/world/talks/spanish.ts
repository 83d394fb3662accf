import { b, lately, on, type Talk, w } from "../Talk.ts"

export const spanish: ReadonlyArray<Talk> = [
  {
    key: "olivar-diego",
    business: "olivar",
    worker: "diego",
    ends: "read",
    sittings: [
      on(
        78,
        "16:05",
        b(
          "Hola Diego, soy Carmen, de la Finca El Olivar. He visto que has hecho la campaña de la aceituna tres años seguidos 🫒"
        ),
        w("¡Hola, Carmen! Sí, en Jaén y en Córdoba. Manejo el vibrador y tengo el carné de tractor."),
        b("Justo lo que buscamos. Empezamos a primeros de noviembre y calculamos unas seis semanas."),
        w("¿Cómo es el horario? ¿Y el alojamiento?"),
        b(
          "De 8:00 a 15:00 de lunes a sábado, con media hora para el bocadillo. El convenio marca 58,40 € por jornada; las horas extra se pagan aparte.\n\nEl alojamiento es en la casa de la finca, habitaciones de dos, con cocina y lavadora. No se descuenta nada por dormir aquí. Si vienes en coche, hay sitio para aparcar dentro; si no, te recogemos en la estación de autobuses de Úbeda.\n\nTe pediré el DNI, el número de la Seguridad Social, una cuenta bancaria y el certificado de manipulador de fitosanitarios, si lo tienes."
        ),
        w("Perfecto, lo tengo todo menos el certificado. ¿Es imprescindible?"),
        b("No, solo para la sulfatadora. No te preocupes.")
      ),
      on(
        71,
        "20:15",
        w("Carmen, ¿hay sitio para mi primo? También tiene experiencia."),
        b("Que presente su solicitud por la plataforma y la miro esta semana."),
        w("Hecho 👍")
      ),
      on(
        24,
        "06:40",
        b("Buenos días. Hoy está lloviendo y el suelo está blando: no se trabaja. Mañana os digo."),
        w("Recibido. Aprovecho para lavar la ropa 😂"),
        b("😂 Os dejo café hecho en la cocina.")
      ),
      on(
        15,
        "18:30",
        b("Diego, ¡4.200 kilos hoy! Récord de la campaña 💪"),
        w("¡Vaya día! Los de la loma de arriba iban cargadísimos."),
        b("El jueves viene el técnico de la cooperativa. ¿Le enseñas tú la parcela norte?"),
        w("Sin problema, ¿a qué hora?"),
        b("A las 10:00.")
      ),
      lately(
        1_500,
        b("Última semana. El sábado, paella para toda la cuadrilla 🥘 ¿Te apuntas?"),
        w("¡Eso no me lo pierdo! Llevo el vino."),
        b("Y el año que viene, la plaza es tuya si la quieres."),
        w("La quiero. Gracias por todo, Carmen.")
      )
    ]
  },
  {
    key: "lumiere-diego",
    business: "lumiere",
    worker: "diego",
    ends: "sent",
    sittings: [
      on(
        9,
        "10:25",
        b(
          "Bonjour Diego, nous cherchons un agent de maintenance à partir de janvier. Parlez-vous français ?"
        ),
        w("Bonjour Madame Dubois, oui, je comprends bien. J'écris encore avec des fautes, excusez-moi 🙈"),
        b("Je me débrouille en espagnol: ¿prefiere que sigamos en español?"),
        w(
          "¡Muchísimas gracias! Sí, así me explico mejor. Tengo el título de técnico de instalaciones y dos años de experiencia en un hospital de Granada."
        ),
        b("Estupendo. ¿Podría enviarme las fechas exactas y una persona de contacto?")
      ),
      lately(
        52,
        w(
          "Buenas tardes. Estuve en el Hospital San Rafael de marzo de 2023 a abril de 2025, en el turno de tarde. La persona de contacto es la señora Ortega, jefa de mantenimiento."
        ),
        w("Puedo ir a Lyon para una entrevista cualquier día a partir del 8 de diciembre.")
      )
    ]
  }
]
