import { Effect } from "effect"
import { Sent } from "../../http/Answers.ts"
import { type Answer, ask } from "../../http/Ask.ts"
import type { Seed } from "../../torture/Seed.ts"
import type { Recorder } from "../history/Recorder.ts"
import { Slack } from "../Slack.ts"
import type { Entrance } from "./Device.ts"
import { type Attempted, refused, unanswered } from "./Outcome.ts"
import type { Person } from "./Person.ts"
import { recorded, type Sender } from "./Sender.ts"

/** Milliseconds, times the slack. */
const answerWithin = 6_000

const attempted = (answer: Answer): Attempted => {
  if (answer.status !== 200 && answer.status !== 201) {
    // Whatever is not ours, such as a proxy's page, says nothing.
    return /^\d+ [a-z_]+$/.test(answer.outcome) ? refused(answer.problem().code) : unanswered(answer.outcome)
  }
  const { pos, repeat, sentAt, tag } = answer.as(Sent)
  return { phase: "ok", pos, tag, at: sentAt, repeat }
}

export interface RestSenderOptions {
  readonly person: Person
  readonly entrances: readonly [Entrance, ...ReadonlyArray<Entrance>]
  readonly recorder: Recorder
  readonly seed: Seed
}

/** Somebody's program that sends over HTTP, each time to any of the nodes. */
export const make = ({ entrances, person, recorder, seed }: RestSenderOptions): Sender => {
  const sender = { name: `${person.userId}/rest`, person, connected: Effect.void }
  return {
    ...sender,
    attempt: (message) => {
      const { conv, key, text } = message
      const { port } = seed.pick(entrances)
      const headers = { authorization: `Bearer ${person.token}` }
      const body = { type: "TEXT", clientMessageId: key, text }
      const asking = Effect.tryPromise((signal) =>
        ask(`http://127.0.0.1:${port}`, "POST", `/conversations/${conv}/messages`, body, { headers, signal })
      )
      const asked = Effect.flatMap(Slack, (slack) =>
        asking.pipe(
          Effect.map(attempted),
          Effect.timeoutOrElse({
            duration: slack * answerWithin,
            orElse: () => Effect.succeed(unanswered("timed out"))
          })
        )
      ).pipe(Effect.catch(() => Effect.succeed(unanswered("cut"))))
      return recorded(recorder, sender, message, asked)
    }
  }
}
