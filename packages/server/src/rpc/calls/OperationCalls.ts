import { OperationCalls } from "@indelible/api/rpc/OperationCalls"
import { Effect, Layer } from "effect"
import { needs, operationAnswers } from "../../answers/OperationAnswers.ts"
import { invalidInput } from "../../answers/Refusals.ts"

export const layer = OperationCalls.toLayer(
  Effect.map(operationAnswers, (answers) =>
    OperationCalls.of({
      ListProjections: () => answers.list,
      DescribeProjection: ({ name }) => answers.one(name),
      RebuildProjection: ({ name, ...wishes }) => answers.start(name, "rebuild", wishes),
      VerifyProjection: ({ name, ...wishes }) => answers.start(name, "verify", wishes),
      RollBackProjection: ({ name, ...wishes }) => answers.rollback(name, wishes),
      PauseBuild: ({ name }) => answers.change(name, "pause"),
      ResumeBuild: ({ name }) => answers.change(name, "resume"),
      CancelBuild: ({ name }) => answers.change(name, "cancel"),
      ThrottleBuild: ({ maxRate, name }) => answers.throttle(name, maxRate),
      ListParked: ({ name }) => answers.parked(name),
      RetryParked: ({ name, streamId }) => answers.retry(name, streamId),
      ReadEvents: (asked) => answers.events(asked).pipe(Effect.catchTags(invalidInput()))
    })
  )
).pipe(Layer.provide(needs))
