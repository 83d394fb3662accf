import type { IncomingHttpHeaders } from "node:http"

/** How a request to become a WebSocket is refused: as plain HTTP, before any of it is one. */
export interface UpgradeRefusal {
  readonly status: 401 | 403 | 503
  readonly detail: string
}

interface UpgradeRequest {
  readonly url?: string | undefined
  readonly headers: IncomingHttpHeaders
}

/** Path and query of a request, whatever it says: a URL that does not parse has neither. */
const targetOf = ({ url = "" }: UpgradeRequest) => URL.parse(url, "http://server")

export const pathOf = (request: UpgradeRequest): string | undefined => targetOf(request)?.pathname

const hostOf = (origin: string): string | undefined => URL.parse(origin)?.host

/**
 * A browser lets any page open a socket to us and says in `Origin` which page it was; it always says it. So a foreign
 * one, `null` (a sandboxed frame, a file) and none from what is a browser by `Sec-Fetch-Site` are refused. Other programs
 * send no `Origin`, and none is needed of them: nothing here goes by cookies, only by a token they hold. Node's own
 * WebSocket is one of them, though it sends `Sec-Fetch-Mode`.
 */
const originAllowed = ({ headers }: UpgradeRequest, allowedOrigins: ReadonlyArray<string>): boolean => {
  const { host, origin } = headers
  if (origin === undefined) return headers["sec-fetch-site"] === undefined
  if (allowedOrigins.includes(origin)) return true
  // The scheme is not compared: behind a proxy that ends TLS ours is always http.
  return host !== undefined && hostOf(origin) === host
}

const namesToken = /token|jwt|auth/i
/** Every JSON Web Token begins so: it is `{"` in base64url. */
const looksLikeToken = /^eyJ/

/** Query strings are written to logs and histories everywhere, so a token in one is not a secret any more. */
const tokenInQuery = (request: UpgradeRequest): boolean => {
  const query = [...(targetOf(request)?.searchParams ?? [])]
  return query.some(([name, value]) => namesToken.test(name) || looksLikeToken.test(value))
}

export const refusalOf = (
  request: UpgradeRequest,
  allowedOrigins: ReadonlyArray<string>
): UpgradeRefusal | undefined => {
  if (!originAllowed(request, allowedOrigins)) {
    return { status: 403, detail: "this origin may not connect" }
  }
  if (tokenInQuery(request)) {
    return { status: 401, detail: "a token belongs in the Authorization header or in the first frame" }
  }
  return undefined
}

const bearer = /^Bearer +([^ ]+) *$/i

/** The token of the `Authorization` header; "" when there is a header, but not a bearer's. */
export const tokenOf = ({ headers }: UpgradeRequest): string | undefined =>
  headers.authorization === undefined ? undefined : (bearer.exec(headers.authorization)?.[1] ?? "")
