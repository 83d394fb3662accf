import { InvalidRequestProblem } from "@indelible/api/problem/RequestProblems"
import { Deferred, Effect, Result } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerRespondable, HttpServerResponse } from "effect/http"
import { RequestRecord } from "../answers/RequestRecord.ts"
import { whoAsks } from "../answers/WhoAsks.ts"
import { bodyJson } from "../http/edge/Bodies.ts"
import { tokenOf } from "../realtime/Upgrade.ts"
import { problemText } from "./Answer.ts"
import type { CallClient } from "./CallClient.ts"
import { Caller } from "./Caller.ts"
import { CallServer } from "./CallServer.ts"
import { readEnvelope } from "./Envelope.ts"
import { faultsIn } from "./Faults.ts"
import { methods } from "./Methods.ts"
import { problemJson } from "./ProblemJson.ts"
import { callsPath } from "./RpcSettings.ts"

/** Calls over HTTP, one a request: a body that is JSON is answered 200, with how the call went. */
export const layer = HttpRouter.use((router) =>
  Effect.gen(function* () {
    const calls = yield* CallServer
    const who = yield* whoAsks

    /** Lets go of the call when its client does not wait for the answer. */
    const answering = (begin: (client: CallClient) => Effect.Effect<void>) =>
      Effect.suspend(() => {
        const answer = Deferred.makeUnsafe<string>()
        const client = calls.open(
          (text) => void Deferred.doneUnsafe(answer, Effect.succeed(text)),
          () => {}
        )
        return begin(client).pipe(
          Effect.andThen(Deferred.await(answer)),
          Effect.ensuring(calls.close(client))
        )
      })

    const answered = Effect.gen(function* () {
      const { authorization } = (yield* HttpServerRequest.HttpServerRequest).headers
      const { correlationId } = yield* RequestRecord
      const read = readEnvelope(yield* bodyJson)
      if (Result.isFailure(read) || read.success._tag !== "Call") {
        const { errors, id } = Result.isFailure(read)
          ? { id: read.failure.id, errors: faultsIn(read.failure.issue) }
          : { id: null, errors: [{ path: ["method"], message: "Expected a call" }] }
        return problemText(id, problemJson(new InvalidRequestProblem({ correlationId, errors })))
      }
      const { call } = read.success
      return yield* Effect.result(who(tokenOf({ headers: { authorization } }) ?? "")).pipe(
        Effect.flatMap(
          Result.match({
            onFailure: (problem) =>
              answering((client) => calls.turnAway(client, methods.overHttp, call, Effect.fail(problem))),
            onSuccess: (principal) =>
              Effect.provideService(
                answering((client) => calls.call(client, methods.overHttp, call)),
                Caller,
                { principal, connection: undefined, goOn: Effect.void }
              )
          })
        ),
        Effect.provideService(RequestRecord, { correlationId, client: "rpc", who: null, problem: null })
      )
    })

    yield* router.add(
      "POST",
      callsPath,
      Effect.matchEffect(answered, {
        onFailure: (problem) => HttpServerRespondable.toResponse(problem),
        onSuccess: (text) =>
          Effect.succeed(HttpServerResponse.text(text, { contentType: "application/json" }))
      })
    )
  })
)
