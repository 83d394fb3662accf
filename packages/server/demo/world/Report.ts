import { type Person, people } from "./People.ts"
import { applicationOf } from "./Platform.ts"
import { unopened } from "./Talks.ts"
import type { World } from "./World.ts"

const everyone: ReadonlyArray<Person> = Object.values(people)

/** For people: where to go, and whom to be. Names stand last in their line, as nobody knows how wide they are shown. */
export const report = (origin: URL, { added, conversations, messages }: World): string => {
  const made =
    added === 0
      ? "It was all there already."
      : added < conversations
        ? `${added} conversations were added to, the others were there already.`
        : "All of it is new."
  const widest = Math.max(...everyone.map(({ about }) => about.length))
  return [
    "",
    `${everyone.length} people, ${conversations} conversations, ${messages} messages, over five months. ${made}`,
    "",
    `Go to ${origin.href} and be one of them:`,
    "",
    ...everyone.map(({ about, name, role }) => `  ${role.padEnd(8)}  ${about.padEnd(widest)}  ${name}`),
    "",
    "Be two people at once in two browsers, or in a private window.",
    ""
  ].join("\n")
}

/** The same for programs. */
export const reportJson = (origin: URL, world: World) => ({
  ok: true,
  url: origin.href,
  ...world,
  people: everyone,
  unopened: applicationOf(unopened.key)
})
