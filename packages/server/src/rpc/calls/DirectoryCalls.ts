import { DirectoryCalls } from "@indelible/api/rpc/DirectoryCalls"
import { Effect } from "effect"
import { directoryAnswers } from "../../answers/DirectoryAnswers.ts"

export const layer = DirectoryCalls.toLayer(
  Effect.map(directoryAnswers, (answers) =>
    DirectoryCalls.of({
      PutUser: ({ id, ...details }) => answers.putUser(id, details),
      PutApplication: ({ id, ...details }) => answers.putApplication(id, details),
      SignOutUser: ({ id }) => Effect.as(answers.signOut(id), null)
    })
  )
)
