import { InvalidRequestProblem, MalformedBodyProblem } from "@indelible/api/problem/RequestProblems"
import { Effect, FiberSet, Result } from "effect"
import { SecureRandom } from "effect/crypto/SecureRandom"
import { parseJson } from "../answers/ParseJson.ts"
import { deepest } from "../http/edge/Bodies.ts"
import { nestsDeeperThan } from "../http/edge/JsonDepth.ts"
import { pongText, problemText } from "./Answer.ts"
import { CallServer } from "./CallServer.ts"
import { type CallId, readEnvelope } from "./Envelope.ts"
import { faultsIn } from "./Faults.ts"
import { methods } from "./Methods.ts"
import { problemJson, type RefusedCall } from "./ProblemJson.ts"
import type { RpcConnection } from "./RpcConnection.ts"

/** Does what is said on a connection, message by message. */
export const hearing = Effect.gen(function* () {
  const calls = yield* CallServer
  const random = yield* SecureRandom
  const run = yield* FiberSet.makeRuntime()

  /** Answers what is no call. */
  const complain = (
    connection: RpcConnection,
    id: CallId | null,
    problem: (common: { readonly correlationId: string }) => RefusedCall
  ) => {
    if (!connection.stray()) return
    run(
      Effect.map(random.uuidV4(), (correlationId) =>
        connection.write(problemText(id, problemJson(problem({ correlationId }))))
      )
    )
  }

  return (connection: RpcConnection, text: string) => {
    const { client } = connection
    const json = nestsDeeperThan(text, deepest) ? undefined : parseJson(text)
    if (json === undefined) {
      return complain(connection, null, (common) => new MalformedBodyProblem(common))
    }
    const read = readEnvelope(json)
    if (Result.isFailure(read)) {
      const { id, issue } = read.failure
      return complain(
        connection,
        id,
        (common) => new InvalidRequestProblem({ ...common, errors: faultsIn(issue) })
      )
    }
    const envelope = read.success
    switch (envelope._tag) {
      case "Call": {
        const { call } = envelope
        return methods.overWebSocket.get(call.method)?.streams === true
          ? connection.stream(call)
          : connection.take(call)
      }
      case "Ping":
        return connection.stray() ? connection.write(pongText) : undefined
      case "Ack": {
        const receipt = calls.acknowledge(client, envelope.requestId)
        return receipt === undefined ? connection.late() : void run(receipt)
      }
      case "Interrupt": {
        const cancelled = calls.cancel(client, envelope.requestId)
        if (cancelled !== undefined) return void run(cancelled)
        return connection.takeBack(envelope.requestId) ? undefined : connection.late()
      }
    }
  }
})
