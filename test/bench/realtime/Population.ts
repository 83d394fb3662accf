import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Console, Effect } from "effect"
import { Started } from "../../http/Answers.ts"
import { type Answer, ask } from "../../http/Ask.ts"
import { tokenOf } from "../../servers/Platform.ts"

interface Person {
  readonly userId: string
  readonly token: string
}

interface Conversation {
  readonly id: ConversationId
  /** One of its two people. */
  readonly business: Person
}

export interface Population {
  /** A business user, a worker, a business user and so on. */
  readonly people: ReadonlyArray<Person>
  /** First those of each business user with the worker that follows them, then as many with the worker after that. */
  readonly conversations: ReadonlyArray<Conversation>
}

const atOnce = 32

const done = (answer: Answer) => {
  if (answer.status >= 300) throw new Error(`the bench was answered ${answer.outcome}: ${answer.text}`)
  return answer
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

const tell = (what: string, count: number) => Console.error(`making ${count} ${what}`)

/**
 * Makes people and conversations as the surrounding platform does, over REST.
 *
 * @param conversing how many of the people have two conversations each; even
 */
export const populate = Effect.fn("Population.make")(function* (
  origin: string,
  count: number,
  conversing: number
) {
  const platform = bearer(yield* Effect.promise(() => tokenOf("platform", "service")))
  const put = (path: string, body: unknown) =>
    Effect.promise(async () => done(await ask(origin, "PUT", path, body, platform)))

  yield* tell("people", count)
  const people = yield* Effect.forEach(
    Array.from({ length: count }),
    Effect.fnUntraced(function* (_, n) {
      const userId = `person-${n}`
      const role = n % 2 === 0 ? "business" : "worker"
      yield* put(`/directory/users/${userId}`, {
        name: userId,
        email: `${userId}@example.com`,
        role,
        status: "active"
      })
      return { userId, token: yield* Effect.promise(() => tokenOf(userId)) }
    }),
    { concurrency: atOnce }
  )

  yield* tell("conversations", conversing)
  const begin = Effect.fnUntraced(function* (_: unknown, n: number) {
    const pair = n % (conversing / 2)
    const further = n < conversing / 2 ? 1 : 3
    const [business, worker] = [people[2 * pair], people[(2 * pair + further) % conversing]]
    if (business === undefined || worker === undefined) return yield* Effect.die("nobody is there")
    const applicationId = `application-${n}`
    const details = { business: business.userId, worker: worker.userId, status: "open" }
    yield* put(`/directory/applications/${applicationId}`, details)
    const started = yield* Effect.promise(async () =>
      done(await ask(origin, "POST", "/conversations", { applicationId }, bearer(business.token)))
    )
    return { id: started.as(Started).conversation.id, business }
  })
  const conversations = yield* Effect.forEach(Array.from({ length: conversing }), begin, {
    concurrency: atOnce
  })
  return { people, conversations } satisfies Population
})
