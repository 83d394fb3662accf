import { DrainingProblem, TooManySocketsProblem, TooSlowProblem } from "@indelible/api/problem/CallProblems"
import type { UnauthenticatedProblem } from "@indelible/api/problem/IdentityProblems"
import { OverloadedProblem } from "@indelible/api/problem/ServiceProblems"
import type { ResumeCursor } from "@indelible/api/realtime/ClientFrame"
import { CloseCode } from "@indelible/api/realtime/CloseCode"
import { ServerFrame } from "@indelible/api/realtime/ServerFrame"
import { converses } from "@indelible/application/identity/Principal"
import { Effect, FiberSet, Queue, Schema, Stream } from "effect"
import { refuse } from "../../answers/Refuse.ts"
import { unauthenticated } from "../../answers/WhoAsks.ts"
import { Admission } from "../../realtime/Admission.ts"
import { Dispatcher } from "../../realtime/Dispatcher.ts"
import { Session } from "../../realtime/Session.ts"
import { Sessions } from "../../realtime/Sessions.ts"
import { Caller } from "../Caller.ts"
import { type SessionOver, StreamOutlet } from "../StreamOutlet.ts"

interface Followed {
  readonly conversations?: ReadonlyArray<ResumeCursor>
  readonly others?: boolean
}

type FollowEnd =
  | UnauthenticatedProblem
  | TooSlowProblem
  | TooManySocketsProblem
  | DrainingProblem
  | OverloadedProblem

/** Why the session is over, by the names that calls have for it. */
const ended = ({ code }: SessionOver): Effect.Effect<never, FollowEnd> => {
  switch (code) {
    case CloseCode.identity:
      return unauthenticated
    case CloseCode.tooSlow:
      return refuse((common) => new TooSlowProblem(common))
    case CloseCode.tooManySockets:
      return refuse((common) => new TooManySocketsProblem(common))
    case CloseCode.draining:
      return refuse((common) => new DrainingProblem(common))
    default:
      return refuse((common) => new OverloadedProblem(common))
  }
}

const decode = Schema.decodeSync(Schema.fromJsonString(ServerFrame))

/** Shows a session as a stream: frames are admitted, resumed, bounded and ended as on a socket, by the same parts. */
export const follow = Effect.gen(function* () {
  const sessions = yield* Sessions
  const { admit } = yield* Admission
  const dispatcher = yield* Dispatcher

  const open = Effect.fnUntraced(function* ({ conversations = [], others = false }: Followed) {
    const { connection, goOn, principal } = yield* Caller
    if (connection === undefined || principal === undefined || !converses(principal)) {
      return yield* Effect.die(new Error("a stream of nobody's"))
    }
    const frames = yield* Queue.unbounded<string, SessionOver>()
    const run = yield* FiberSet.makeRuntime()
    const outlet = new StreamOutlet(frames, {
      // Whether the other side is there is found out by the connection.
      pinged: () => {
        session.answersPings = true
      },
      // Otherwise its end would wait for a client that takes nothing any more.
      over: () => void run(goOn)
    })
    const session = new Session(outlet, sessions.house)
    yield* Effect.acquireRelease(
      Effect.sync(() => {
        sessions.enter(session)
        connection.follows.add(session)
      }),
      () =>
        Effect.sync(() => {
          connection.follows.delete(session)
          sessions.exit(session, 1000)
        })
    )
    admit(session, principal)
    if (conversations.length > 0 || others) {
      dispatcher.offer(session, JSON.stringify({ type: "resume", conversations, others }))
    }
    return Stream.fromQueue(frames).pipe(
      Stream.filter(() => !outlet.discards),
      Stream.map((text) => {
        outlet.taken(text)
        return decode(text)
      })
    )
  })

  return (asked: Followed) =>
    Stream.catchTag(Stream.unwrap(open(asked)), "SessionOver", (over) => Stream.fromEffect(ended(over)))
})
