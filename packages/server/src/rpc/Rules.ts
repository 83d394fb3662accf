import { InternalErrorProblem, OverloadedProblem } from "@indelible/api/problem/ServiceProblems"
import { CallRules } from "@indelible/api/rpc/CallRules"
import { Cause, Clock, Effect, Exit, Layer } from "effect"
import { RpcSchema } from "effect/rpc"
import { refuse } from "../answers/Refuse.ts"
import { tellCause } from "../answers/TellCause.ts"
import { Traffic } from "../http/edge/Traffic.ts"
import { Caller } from "./Caller.ts"
import { callLog } from "./CallLog.ts"

const overloaded = refuse((common) => new OverloadedProblem(common))
const internalError = refuse((common) => new InternalErrorProblem(common))

/** A defect is told to the log in full, and to the client by its correlation id alone. */
const contained = <A, E, R>(handler: Effect.Effect<A, E, R>) =>
  Effect.catchCause(
    handler,
    (cause): Effect.Effect<never, E | InternalErrorProblem> =>
      Cause.hasDies(cause)
        ? Effect.andThen(Effect.logError("a call failed on a defect", tellCause(cause)), internalError)
        : Effect.failCause(cause)
  )

/**
 * What happens to every call, whatever it asks: it gets room or a refusal, an answer even when it fails, and its place in
 * log and metrics.
 */
export const layer = Layer.effect(
  CallRules,
  Effect.gen(function* () {
    const traffic = yield* Traffic
    const clock = yield* Clock.Clock
    const concluded = yield* callLog

    return CallRules.of((handler, { rpc }) =>
      Effect.gen(function* () {
        const { connection } = yield* Caller
        const streams = RpcSchema.isStreamSchema(rpc.successSchema)
        const begun = clock.monotonicTimeNanosUnsafe()
        // Over HTTP its request was let in already; a stream stays for long and has a bound of its own.
        const admitted =
          connection === undefined || streams
            ? contained(handler)
            : traffic.admit(contained(handler), overloaded)
        return yield* Effect.onExit(admitted, (exit) =>
          concluded(
            rpc._tag,
            Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause),
            streams ? undefined : Number(clock.monotonicTimeNanosUnsafe() - begun) / 1e9
          )
        )
      })
    )
  })
)
