import {
  MethodNotAllowedProblem,
  NothingIsDeletedProblem,
  RouteNotFoundProblem
} from "@indelible/api/problem/RequestProblems"
import { Identity } from "@indelible/application/identity/Identity"
import { DevelopmentSignIn } from "@indelible/infrastructure/jwt/ConfiguredTokenVerifier"
import { Effect, Option } from "effect"
import { type HttpServerRequest, HttpServerRespondable, HttpServerResponse } from "effect/http"
import { RequestRecord } from "../../answers/RequestRecord.ts"
import { methodsAt } from "../KnownRoutes.ts"

const record = /^\/(conversations|messages)(\/|$)/

const allowing = (methods: ReadonlyArray<string>) =>
  HttpServerResponse.setHeader("allow", [...methods, "OPTIONS"].join(", "))

/**
 * Answers what no route takes: 404, 405 with the methods that there are, and `OPTIONS`.
 *
 * @param metrics they are served
 */
export const unrouted = Effect.fnUntraced(function* (metrics: boolean) {
  const { authenticate } = yield* Identity
  const development = Option.isSome(yield* DevelopmentSignIn)

  /** Whoever tries to delete what is on record is noted by name. */
  const identify = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest) {
    const token = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1]
    const principal = token === undefined ? Option.none() : yield* Effect.option(authenticate(token))
    if (Option.isNone(principal)) return
    const known = yield* RequestRecord
    known.who = principal.value.subject ?? "service"
  })

  return Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest) {
    const path = request.url.split("?", 1)[0] ?? ""
    const methods = methodsAt(path, { development, metrics })
    const known = yield* RequestRecord
    const answer = (problem: HttpServerRespondable.Respondable & { readonly code: string }) => {
      known.problem = problem.code
      return HttpServerRespondable.toResponse(problem)
    }
    if (request.method === "DELETE" || (request.method === "PUT" && !methods.includes("PUT"))) {
      if (record.test(path)) {
        yield* identify(request)
        return allowing(methods)(yield* answer(new NothingIsDeletedProblem(known)))
      }
    }
    // A path that takes this method and yet was not routed holds something that is no text, such as `%zz`.
    if (methods.length === 0 || methods.includes(request.method))
      return yield* answer(new RouteNotFoundProblem(known))
    if (request.method === "OPTIONS") return allowing(methods)(HttpServerResponse.empty({ status: 204 }))
    return allowing(methods)(yield* answer(new MethodNotAllowedProblem(known)))
  })
})
