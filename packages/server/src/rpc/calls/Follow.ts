import { DrainingProblem, TooSlowProblem } from "@indelible/api/problem/CallProblems"
import type { UnauthenticatedProblem } from "@indelible/api/problem/IdentityProblems"
import { RateLimitedProblem } from "@indelible/api/problem/LimitProblems"
import {
  InternalErrorProblem,
  OverloadedProblem,
  UnavailableProblem
} from "@indelible/api/problem/ServiceProblems"
import type { ResumeCursor } from "@indelible/api/realtime/ClientFrame"
import { CloseCode } from "@indelible/api/realtime/CloseCode"
import { ServerFrame } from "@indelible/api/realtime/ServerFrame"
import { converses } from "@indelible/application/identity/Principal"
import { Effect, FiberSet, Queue, Schema, Stream } from "effect"
import { refuse } from "../../answers/Refuse.ts"
import { unauthenticated } from "../../answers/WhoAsks.ts"
import { Admission } from "../../realtime/Admission.ts"
import { Dispatcher } from "../../realtime/Dispatcher.ts"
import { eventsPerSecond } from "../../realtime/frames/Resume.ts"
import { Sessions } from "../../realtime/Sessions.ts"
import { Caller } from "../Caller.ts"
import { FollowedSession } from "../FollowedSession.ts"
import { type NotCaughtUp, type SessionOver, type StreamEnd, StreamOutlet } from "../StreamOutlet.ts"

interface Followed {
  readonly conversations?: ReadonlyArray<ResumeCursor>
  readonly others?: boolean
}

type FollowEnd =
  | UnauthenticatedProblem
  | TooSlowProblem
  | RateLimitedProblem
  | DrainingProblem
  | OverloadedProblem
  | UnavailableProblem
  | InternalErrorProblem

const overloaded = refuse((common) => new OverloadedProblem(common))
const draining = refuse((common) => new DrainingProblem(common))

/** Why the session is over, by the names that calls have for it. */
const ended = ({ code }: SessionOver): Effect.Effect<never, FollowEnd> => {
  switch (code) {
    case CloseCode.identity:
      return unauthenticated
    case CloseCode.tooSlow:
      return refuse((common) => new TooSlowProblem(common))
    case CloseCode.draining:
      return draining
    default:
      return overloaded
  }
}

/** Why there is a gap before what is live. */
const notCaughtUp = ({ code, retryAfterMs = 0 }: NotCaughtUp): Effect.Effect<never, FollowEnd> => {
  switch (code) {
    case "rate_limited": {
      const rate = { limit: "events", most: eventsPerSecond, windowMs: 1_000 }
      return refuse((common) => new RateLimitedProblem({ ...common, ...rate, retryAfterMs }))
    }
    case "unavailable":
      return refuse((common) => new UnavailableProblem(common))
    case "overloaded":
      return overloaded
    case "draining":
      return draining
    default:
      return refuse((common) => new InternalErrorProblem(common))
  }
}

/** Frames that are made ready in one go, and go out as one message. */
const mostAtOnce = 64

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
    if (sessions.open.size >= sessions.house.settings.maxSockets) return yield* overloaded
    const frames = yield* Queue.unbounded<string, StreamEnd>()
    const run = yield* FiberSet.makeRuntime()
    const outlet = new StreamOutlet(frames, {
      // Whether the other side is there is found out by the connection.
      pinged: () => {
        session.answersPings = true
      },
      // Otherwise its end would wait for a client that takes nothing any more.
      over: () => void run(goOn)
    })
    const session = new FollowedSession(outlet, sessions.house, connection)
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
    return Stream.fromEffectRepeat(Queue.takeBetween(frames, 1, mostAtOnce)).pipe(
      Stream.flatMap(Stream.fromArray),
      Stream.filter(() => !outlet.discards),
      Stream.map((text) => {
        outlet.taken(text)
        return decode(text)
      })
    )
  })

  return (asked: Followed) =>
    Stream.catchTags(Stream.unwrap(open(asked)), {
      SessionOver: (over) => Stream.fromEffect(ended(over)),
      NotCaughtUp: (gap) => Stream.fromEffect(notCaughtUp(gap))
    })
})
