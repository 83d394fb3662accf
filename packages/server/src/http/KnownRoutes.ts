import { DevelopmentApi } from "@indelible/api/development/DevelopmentApi"
import { IndelibleApi } from "@indelible/api/IndelibleApi"
import { problemCatalogue } from "@indelible/api/problem/ProblemCatalogue"
import { callsPath } from "../rpc/RpcSettings.ts"

interface Known {
  readonly method: string
  /** As in the contract, `/conversations/:id`. */
  readonly template: string
  readonly pattern: RegExp
}

const known = (method: string, template: string): Known => ({
  method,
  template,
  pattern: new RegExp(`^${template.replaceAll(/:\w+/g, "[^/]+")}/?$`)
})

interface Contract {
  readonly groups: Readonly<
    Record<
      string,
      { readonly endpoints: Readonly<Record<string, { readonly method: string; readonly path: string }>> }
    >
  >
}

const routesOf = (api: Contract): ReadonlyArray<Known> =>
  Object.values(api.groups).flatMap(({ endpoints }) =>
    Object.values(endpoints).map(({ method, path }) => known(method, path))
  )

const placeholders = ({ template }: Known) => template.split(":").length

/** Whole words first: `/conversations/search` is no conversation's id. */
const contract = routesOf(IndelibleApi).toSorted((a, b) => placeholders(a) - placeholders(b))
const development = routesOf(DevelopmentApi)
export const metricsPath = "/metrics"
const metrics = [known("GET", metricsPath)]
const calls = [known("POST", callsPath)]
const pages = [
  "/docs",
  "/openapi.json",
  "/asyncapi.json",
  "/problems",
  ...problemCatalogue.map(({ identifier }) => `/problems/${identifier}`)
].map((path) => known("GET", path))

const uuid = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
/** Addresses within the messenger: all are the same document. */
export const messengerPages = ["/", "/archived", "/search", "/c/:id"] as const
const documents = messengerPages.map((template) => ({
  method: "GET",
  template,
  pattern: new RegExp(`^${template.replace(":id", uuid)}$`)
}))
/** What these load; which of them there are is known to their build alone. */
const files: Known = {
  method: "GET",
  template: "/:file",
  pattern: /^(?:\/[\w.-]+)*\/[\w.-]+\.(?:css|ico|js|json|png|svg|txt|webmanifest|woff2)$/
}
export const signInPath = "/sign-in.json"
const messenger = [...documents, known("GET", signInPath), files]

/** @param path without its query */
export const isMessengerPage = (path: string): boolean => documents.some(({ pattern }) => pattern.test(path))

/** What is mounted by the settings. */
export interface Mounted {
  readonly development: boolean
  readonly metrics: boolean
}

/**
 * Methods that a path takes; none where nothing is.
 *
 * @param path without its query
 */
export const methodsAt = (path: string, mounted: Mounted): ReadonlyArray<string> => {
  const routes = [
    ...contract,
    ...calls,
    ...pages,
    ...messenger,
    ...(mounted.development ? development : []),
    ...(mounted.metrics ? metrics : [])
  ]
  const methods = routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)
  return methods.includes("GET") ? [...methods, "HEAD"] : methods
}

const templates = [...contract, ...calls, ...pages, ...development, ...metrics, ...messenger]

/** The path's template, for logs and metrics: the path itself may name people. */
export const templateOf = (method: string, path: string): string => {
  const asked = method === "HEAD" ? "GET" : method
  return templates.find((route) => route.method === asked && route.pattern.test(path))?.template ?? "unknown"
}
