import { type HttpServerRequest, HttpServerResponse } from "effect/http"

const always = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin"
}

/** What an answer that says nothing of it gets: it is personal, and no page. */
const unlessSaid = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'"
}

/** Two years, as the browsers' preload lists ask. */
const strictTransport = { "strict-transport-security": "max-age=63072000; includeSubDomains" }

/** @param secure clients reach this service by https only, here or at the proxy before it */
export const securityHeaders =
  (secure: boolean) =>
  (response: HttpServerResponse.HttpServerResponse): HttpServerResponse.HttpServerResponse =>
    HttpServerResponse.setHeaders(response, {
      ...unlessSaid,
      ...response.headers,
      ...always,
      ...(secure && strictTransport)
    })

/** What HTTP itself wants beside some statuses. */
export const statusHeaders = (
  response: HttpServerResponse.HttpServerResponse
): HttpServerResponse.HttpServerResponse =>
  response.status === 401
    ? HttpServerResponse.setHeader(response, "www-authenticate", "Bearer")
    : response.status === 503 && response.headers["retry-after"] === undefined
      ? HttpServerResponse.setHeader(response, "retry-after", "1")
      : response

/** Lets pages of these origins read answers, and no others. No credentials: tokens are sent by the page itself. */
export const cors =
  (allowed: ReadonlyArray<string>) =>
  (
    request: HttpServerRequest.HttpServerRequest,
    response: HttpServerResponse.HttpServerResponse
  ): HttpServerResponse.HttpServerResponse => {
    if (allowed.length === 0) return response
    const { origin } = request.headers
    const { vary } = response.headers
    const varied = HttpServerResponse.setHeader(
      response,
      "vary",
      vary === undefined ? "Origin" : `${vary}, Origin`
    )
    if (origin === undefined || !allowed.includes(origin)) return varied
    return HttpServerResponse.setHeaders(varied, {
      "access-control-allow-origin": origin,
      "access-control-expose-headers":
        "Indelible-Position, X-Correlation-Id, Retry-After, RateLimit, RateLimit-Policy, Allow",
      ...(request.method === "OPTIONS" && {
        "access-control-allow-methods": "GET, POST, PUT, PATCH",
        "access-control-allow-headers": "Authorization, Content-Type, Indelible-Position, X-Correlation-Id",
        "access-control-max-age": "600"
      })
    })
  }
