import { HttpApiError } from "effect/http-api"
import { declare } from "./DeclareProblem.ts"

export class UserNotFoundProblem extends HttpApiError.Problem<UserNotFoundProblem>()(
  ...declare("user_not_found", 404, "There is no such user", "Put the user into the directory first.", {})
) {}

export class PersonErasedProblem extends HttpApiError.Problem<PersonErasedProblem>()(
  ...declare(
    "person_erased",
    410,
    "This person was erased",
    "An id that belonged to someone who was erased never comes back. If it is somebody else now, give them another id.",
    {}
  )
) {}

export class ApplicationTakenProblem extends HttpApiError.Problem<ApplicationTakenProblem>()(
  ...declare(
    "application_taken",
    409,
    "The application joins other people",
    "The two people of an application never change, because conversations stand on it. Make a new application.",
    {}
  )
) {}
