import { HttpApiError } from "effect/http-api"
import { declare } from "./DeclareProblem.ts"

export class PersonNotFoundProblem extends HttpApiError.Problem<PersonNotFoundProblem>()(
  ...declare(
    "person_not_found",
    404,
    "There is no such person",
    "Nobody has this id, or you have no conversation with them: these are not told apart.",
    {}
  )
) {}
