import * as CallProblems from "./CallProblems.ts"
import * as ConversationProblems from "./ConversationProblems.ts"
import * as DirectoryProblems from "./DirectoryProblems.ts"
import * as IdentityProblems from "./IdentityProblems.ts"
import * as LimitProblems from "./LimitProblems.ts"
import * as OperationsProblems from "./OperationsProblems.ts"
import * as PeopleProblems from "./PeopleProblems.ts"
import * as RequestProblems from "./RequestProblems.ts"
import * as ServiceProblems from "./ServiceProblems.ts"

/** Every problem that any answer may carry. */
export const problemCatalogue = [
  RequestProblems,
  IdentityProblems,
  ConversationProblems,
  DirectoryProblems,
  PeopleProblems,
  LimitProblems,
  OperationsProblems,
  CallProblems,
  ServiceProblems
].flatMap((problems) => Object.values(problems).filter((value) => "identifier" in value))
