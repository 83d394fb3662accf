import { CurrentPerson } from "@indelible/api/identity/Authorization"
import { NotFollowingProblem, TooManyJoinedProblem } from "@indelible/api/problem/CallProblems"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Effect } from "effect"
import * as Refusals from "../../answers/Refusals.ts"
import { refuse } from "../../answers/Refuse.ts"
import { openConversations as onSessions } from "../../realtime/OpenConversations.ts"
import { Typing } from "../../realtime/Typing.ts"
import { typingPlace } from "../../realtime/TypingPlace.ts"
import { Caller } from "../Caller.ts"

interface Named {
  readonly conversationId: ConversationId
}

/** What its streams show. There must be one: nothing that is told of an open conversation would come otherwise. */
const followed = Effect.flatMap(Caller, ({ connection }) => {
  const sessions = [...(connection?.follows ?? [])]
  return sessions.length > 0 ? Effect.succeed(sessions) : refuse((common) => new NotFollowingProblem(common))
})

/** The frames of the same names, on the sessions that the streams of the connection show. */
export const openConversations = Effect.gen(function* () {
  const { join, leave } = yield* onSessions
  const typing = yield* Typing

  /** On one of them: who types is told once. */
  const typingIn = Effect.fnUntraced(function* ({ conversationId }: Named, tell: typeof typing.start) {
    const sessions = yield* followed
    const { subject } = yield* CurrentPerson
    const opened = sessions.find(({ joined }) => joined?.has(conversationId))
    if (opened === undefined) return yield* Refusals.conversationNotFound.ConversationNotFound()
    tell(opened, yield* typingPlace(opened, subject, conversationId))
    return null
  }, Effect.catchTags(Refusals.conversationNotFound))

  return {
    JoinConversation: Effect.fnUntraced(
      function* ({ conversationId }: Named) {
        const sessions = yield* followed
        const { subject } = yield* CurrentPerson
        return yield* join(sessions, subject, conversationId)
      },
      Effect.catchTags({
        ...Refusals.conversationNotFound,
        ...Refusals.logUnavailable,
        ...Refusals.directoryUnavailable,
        TooManyJoined: () => refuse((common) => new TooManyJoinedProblem(common))
      })
    ),
    LeaveConversation: Effect.fnUntraced(function* ({ conversationId }: Named) {
      const { subject } = yield* CurrentPerson
      for (const session of yield* followed) leave(session, subject, conversationId)
      return null
    }),
    StartTyping: (named: Named) => typingIn(named, typing.start),
    StopTyping: (named: Named) => typingIn(named, typing.stop)
  }
})
