import { InternalErrorProblem } from "@indelible/api/problem/ServiceProblems"
import { connectedRpcs } from "@indelible/api/rpc/IndelibleRpcs"
import { Context, Effect, Layer, Queue } from "effect"
import { RpcSerialization, RpcServer } from "effect/rpc"
import type { FromClientEncoded, FromServerEncoded, ResponseExitEncoded } from "effect/rpc/RpcMessage"
import { RequestRecord } from "../answers/RequestRecord.ts"
import { admitCall } from "./AdmitCall.ts"
import { cancelledText, chunkText, exitText, problemText } from "./Answer.ts"
import type { CallClient, InFlight } from "./CallClient.ts"
import { Caller } from "./Caller.ts"
import { callLog } from "./CallLog.ts"
import type { Call, CallId } from "./Envelope.ts"
import type { Method, Methods } from "./Methods.ts"
import { problemJson, type RefusedCall } from "./ProblemJson.ts"
import { RpcSettings } from "./RpcSettings.ts"

/**
 * The options of `effect/rpc` are open by default. How many calls there may be is bounded by `RpcSettings` for a
 * connection and by `Traffic` for the node; a defect, which `CallRules` contains, would end its own call at most.
 */
const options = { concurrency: "unbounded", disableFatalDefects: true } as const

const died = (exit: ResponseExitEncoded["exit"]) =>
  exit._tag === "Failure" && exit.cause.some(({ _tag }) => _tag === "Die")

/** Runs the calls of all clients, over whatever they come. */
export class CallServer extends Context.Service<CallServer>()("@indelible/server/rpc/CallServer", {
  make: Effect.gen(function* () {
    const concluded = yield* callLog
    const settings = yield* RpcSettings
    const disconnects = yield* Queue.unbounded<number>()
    const requests = new Map<string | number, InFlight>()
    let clients = 0
    let calls = 0
    // Set when the protocol is made. The library keeps what is passed before its server listens.
    let pass: (client: number, message: FromClientEncoded) => Effect.Effect<void> = () => Effect.void

    const conclude = (call: InFlight, exit: ResponseExitEncoded["exit"]) => {
      requests.delete(call.request)
      call.client.inFlight.delete(call.id)
      call.client.write(exitText(call.id, exit, () => problemJson(new InternalErrorProblem(call.record))))
      if (call.streams) call.client.streams -= 1
      else call.client.answered()
    }

    const send = (_client: number, response: FromServerEncoded): Effect.Effect<void> => {
      if (response._tag === "Exit" || response._tag === "Chunk") {
        const call = requests.get(response.requestId)
        if (call === undefined) return Effect.void
        if (response._tag === "Exit") {
          const concluding = Effect.sync(() => conclude(call, response.exit))
          // What handlers throw is contained: this is an answer that could not be written.
          return died(response.exit)
            ? Effect.andThen(Effect.logError("an answer is not as its schema says"), concluding)
            : concluding
        }
        call.owed = true
        return Effect.sync(() => call.client.write(chunkText(call.id, response.values)))
      }
      // It would end every call of its client. Nothing that a client sends may bring it about.
      return response._tag === "Defect" ? Effect.logError("a defect outside of any call") : Effect.void
    }

    const protocol = yield* RpcServer.Protocol.make((write) => {
      pass = write
      return Effect.succeed({
        disconnects,
        send,
        end: () => Effect.void,
        clientIds: Effect.sync(() => new Set<number>()),
        initialMessage: Effect.succeedNone,
        supportsAck: true,
        supportsTransferables: false,
        supportsSpanPropagation: false,
        supportsNotifications: false,
        codecFor: RpcSerialization.json.codecFor
      })
    })
    yield* RpcServer.make(connectedRpcs, options).pipe(
      Effect.provideService(RpcServer.Protocol, protocol),
      Effect.forkScoped
    )

    const begin = Effect.fnUntraced(function* (
      client: CallClient,
      { streams }: Method,
      { id, method, params = {} }: Call
    ) {
      const request = calls++
      const call = { client, id, request, record: yield* RequestRecord, streams, owed: false }
      client.inFlight.set(id, call)
      requests.set(request, call)
      if (streams) client.streams += 1
      const caller = yield* Caller
      yield* pass(client.id, {
        _tag: "Request",
        id: request,
        tag: method,
        payload: params,
        headers: []
      }).pipe(
        Effect.provideService(Caller, {
          ...caller,
          goOn: pass(client.id, { _tag: "Ack", requestId: request })
        })
      )
    })

    const refuseCall = Effect.fnUntraced(function* (
      client: CallClient,
      methods: Methods,
      { id, method }: Call,
      problem: RefusedCall
    ) {
      yield* concluded(method, false, undefined)
      // Under the same id it would be taken for the answer to the call that goes on.
      const named = problem._tag === "call_in_flight" ? null : id
      client.write(problemText(named, problemJson(problem)))
      if (methods.get(method)?.streams !== true) client.answered()
    })

    return {
      open: (write: CallClient["write"], answered: CallClient["answered"]): CallClient => ({
        id: clients++,
        inFlight: new Map(),
        streams: 0,
        write,
        answered
      }),

      /** Begins a call, or refuses it; either way its answer is written. In the name of the fiber's `Caller`. */
      call: (client: CallClient, methods: Methods, call: Call): Effect.Effect<void> =>
        admitCall(settings, client, methods, call).pipe(
          Effect.matchEffect({
            onSuccess: (method) => begin(client, method, call),
            onFailure: (problem) => refuseCall(client, methods, call, problem)
          }),
          // Clients call things as they like, at any length.
          Effect.annotateLogs({ method: methods.has(call.method) ? call.method : "unknown" })
        ),

      /** Refuses a call before it is looked at. */
      turnAway: (
        client: CallClient,
        methods: Methods,
        call: Call,
        why: Effect.Effect<never, RefusedCall>
      ): Effect.Effect<void> => Effect.catch(why, (problem) => refuseCall(client, methods, call, problem)),

      /** Answers a call that its client cancelled before it was begun. */
      giveUp: (client: CallClient, { id, method }: Call): Effect.Effect<void> =>
        Effect.andThen(
          concluded(method, true, undefined),
          Effect.sync(() => client.write(cancelledText(id)))
        ),

      /** The client has taken the last part of a stream; undefined when it owed no such receipt. */
      acknowledge: (client: CallClient, id: CallId): Effect.Effect<void> | undefined => {
        const call = client.inFlight.get(id)
        if (call === undefined || !call.owed) return undefined
        call.owed = false
        return pass(client.id, { _tag: "Ack", requestId: call.request })
      },

      /** undefined when there is no such call, or none any more. */
      cancel: (client: CallClient, id: CallId): Effect.Effect<void> | undefined => {
        const call = client.inFlight.get(id)
        return call && pass(client.id, { _tag: "Interrupt", requestId: call.request })
      },

      /** What it has in flight is interrupted; what is being saved is saved. */
      close: (client: CallClient) =>
        Effect.sync(() => {
          for (const { request } of client.inFlight.values()) requests.delete(request)
          client.inFlight.clear()
          Queue.offerUnsafe(disconnects, client.id)
        })
    }
  })
}) {
  static readonly layerNoDeps = Layer.effect(this, this.make)
}
