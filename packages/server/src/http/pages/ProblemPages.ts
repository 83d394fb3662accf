import { problemCatalogue } from "@indelible/api/problem/ProblemCatalogue"
import { Effect } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { policyFor } from "./ContentPolicy.ts"

interface Explained {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly advice: string
}

const explained: ReadonlyArray<Explained> = problemCatalogue.map(({ ast, identifier }) => ({
  code: identifier,
  status: Number(ast.annotations?.httpApiStatus),
  title: String(ast.annotations?.title),
  advice: String(ast.annotations?.description)
}))

/** Our own words, which have backticks for code and nothing else to escape but these. */
const html = (text: string) =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(/`([^`]+)`/g, "<code>$1</code>")

const section = ({ advice, code, status, title }: Explained) =>
  `<section id="${code}"><h2><a href="/problems/${code}"><code>${code}</code></a> ${status}</h2><p><b>${html(title)}.</b> ${html(advice)}</p></section>`

const page = (title: string, problems: ReadonlyArray<Explained>) => {
  const text = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:45rem;margin:2rem auto;padding:0 1rem}h2{font-size:1rem;margin-bottom:0}p{margin-top:.25rem}</style></head><body><h1>${title}</h1>${problems.map(section).join("")}<p><a href="/problems">All problems</a> · <a href="/docs">The interface</a></p></body></html>`
  return HttpServerResponse.text(text, {
    contentType: "text/html; charset=utf-8",
    headers: { "content-security-policy": policyFor(text), "cache-control": "no-cache" }
  })
}

/** The pages that the `type` of a problem leads to. */
export const layer = HttpRouter.use((router) =>
  Effect.gen(function* () {
    yield* router.add("GET", "/problems", page("Problems", explained))
    for (const problem of explained) {
      yield* router.add("GET", `/problems/${problem.code}`, page(problem.code, [problem]))
    }
  })
)
