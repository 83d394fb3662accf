import { HttpApiError } from "effect/http-api"
import { declare } from "./DeclareProblem.ts"

export class UnauthenticatedProblem extends HttpApiError.Problem<UnauthenticatedProblem>()(
  ...declare(
    "unauthenticated",
    401,
    "Sign in again",
    "The bearer token is missing, not valid, expired, or no longer accepted; which of these is not told. Get a new one.",
    {}
  )
) {}

export class ForbiddenProblem extends HttpApiError.Problem<ForbiddenProblem>()(
  ...declare(
    "forbidden",
    403,
    "This is not for your role",
    "Conversations are for business users and workers, the directory is for the platform's service tokens, operations are for engineers.",
    {}
  )
) {}
