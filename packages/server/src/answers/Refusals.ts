import {
  ApplicationRequiredProblem,
  ConversationMovedOnProblem,
  ConversationNotFoundProblem,
  KeyReusedProblem,
  MessageNotFoundProblem
} from "@indelible/api/problem/ConversationProblems"
import { ApplicationTakenProblem, PersonErasedProblem } from "@indelible/api/problem/DirectoryProblems"
import { RateLimitedProblem } from "@indelible/api/problem/LimitProblems"
import {
  BuildInProgressProblem,
  NothingToChangeProblem,
  NothingToRollBackToProblem,
  NotParkedProblem,
  UnknownProjectionProblem
} from "@indelible/api/problem/OperationsProblems"
import { PersonNotFoundProblem } from "@indelible/api/problem/PeopleProblems"
import { InvalidCursorProblem, InvalidRequestProblem } from "@indelible/api/problem/RequestProblems"
import {
  BusyProblem,
  NotYetFreshProblem,
  OutcomeUnknownProblem,
  OverloadedProblem,
  SearchTooSlowProblem,
  UnavailableProblem
} from "@indelible/api/problem/ServiceProblems"
import type { InvalidMessage } from "@indelible/application/conversation/SendText"
import type { RateLimited } from "@indelible/application/limits/RateLimited"
import type { ConversationMovedOn } from "@indelible/domain/conversation/ConversationRefusal"
import type { BadSearch } from "@indelible/projections/search/SearchQuery"
import { Effect } from "effect"
import { InvalidInput } from "./InvalidInput.ts"
import { refuse } from "./Refuse.ts"

// The one place where refusals and outages of the service become problems. A refusal without an entry here does not
// compile: it would be missing from the contract.

/** The message is for the log only: it may name hosts, and its cause statements. */
const unavailable = (error: Error) =>
  Effect.andThen(
    Effect.logWarning("a part of the service is unavailable", error),
    refuse((common) => new UnavailableProblem(common))
  )

export const notSaved = {
  Busy: () => refuse((common) => new BusyProblem(common)),
  Overloaded: () => refuse((common) => new OverloadedProblem(common)),
  OutcomeUnknown: () => refuse((common) => new OutcomeUnknownProblem(common)),
  Unavailable: unavailable
}

/** For commands whose id we chose ourselves: a clash of two random ids is a defect. */
export const neverReused = { KeyReused: Effect.die }

export const logUnavailable = { Unavailable: unavailable }
export const directoryUnavailable = { DirectoryUnavailable: unavailable }
export const identityUnavailable = { IdentityUnavailable: unavailable }

export const tablesUnavailable = { ReadModelUnavailable: unavailable }

export const notRead = {
  ...tablesUnavailable,
  NotYetFresh: () => refuse((common) => new NotYetFreshProblem(common))
}

export const conversationNotFound = {
  ConversationNotFound: () => refuse((common) => new ConversationNotFoundProblem(common))
}

export const messageNotFound = {
  MessageNotFound: () => refuse((common) => new MessageNotFoundProblem(common))
}

export const applicationRequired = {
  ApplicationRequired: () => refuse((common) => new ApplicationRequiredProblem(common))
}

export const movedOn = {
  ConversationMovedOn: ({ pos }: ConversationMovedOn) =>
    refuse((common) => new ConversationMovedOnProblem({ ...common, pos }))
}

export const keyReused = { KeyReused: () => refuse((common) => new KeyReusedProblem(common)) }

/** @param path where it stands in the request */
export const invalid = (path: ReadonlyArray<string | number>, message: string) =>
  refuse((common) => new InvalidRequestProblem({ ...common, errors: [{ path, message }] }))

/** @param part of the request that the fields stand in, where requests have parts */
export const invalidInput = (...part: ReadonlyArray<string>) => ({
  InvalidInput: ({ path, problem }: InvalidInput) => invalid([...part, ...path], problem)
})

export const invalidMessage = {
  InvalidMessage: ({ field, problem }: InvalidMessage) =>
    Effect.fail(new InvalidInput({ path: [field], problem }))
}

export const rateLimited = {
  RateLimited: ({ limit, most, retryAfterMs, window: windowMs }: RateLimited) =>
    refuse((common) => new RateLimitedProblem({ ...common, limit, most, windowMs, retryAfterMs }))
}

export const badCursor = { BadCursor: () => refuse((common) => new InvalidCursorProblem(common)) }

export const notSearched = {
  BadSearch: ({ message }: BadSearch) => Effect.fail(new InvalidInput({ path: ["q"], problem: message })),
  SearchTooSlow: () => refuse((common) => new SearchTooSlowProblem(common)),
  ...badCursor,
  ...notRead
}

export const personNotFound = {
  PersonNotFound: () => refuse((common) => new PersonNotFoundProblem(common))
}

export const personErased = { PersonErased: () => refuse((common) => new PersonErasedProblem(common)) }

export const applicationTaken = {
  ApplicationTaken: () => refuse((common) => new ApplicationTakenProblem(common))
}

// These say more than their title: how it stands now. Engineers are told, and no message names content.

interface Told {
  readonly message: string
}

export const unknownProjection = {
  UnknownProjection: ({ message }: Told) =>
    refuse((common) => new UnknownProjectionProblem({ ...common, detail: message }))
}

export const buildInProgress = {
  BuildInProgress: ({ message }: Told) =>
    refuse((common) => new BuildInProgressProblem({ ...common, detail: message }))
}

export const nothingToChange = {
  NoSuchBuild: ({ message }: Told) =>
    refuse((common) => new NothingToChangeProblem({ ...common, detail: message }))
}

export const nothingToRollBackTo = {
  NothingToRollBackTo: ({ message }: Told) =>
    refuse((common) => new NothingToRollBackToProblem({ ...common, detail: message }))
}

export const notParked = {
  NotParked: ({ message }: Told) => refuse((common) => new NotParkedProblem({ ...common, detail: message }))
}
