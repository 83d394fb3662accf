import { assert, describe, it } from "@effect/vitest"
import { DrainingProblem, UnknownMethodProblem } from "@indelible/api/problem/CallProblems"
import { InternalErrorProblem } from "@indelible/api/problem/ServiceProblems"
import { exitText, problemText } from "./Answer.ts"
import { problemJson } from "./ProblemJson.ts"

const correlationId = "c"
const defect = () => problemJson(new InternalErrorProblem({ correlationId }))

const errorOf = (text: string) => {
  const { error } = JSON.parse(text)
  return { code: error.code, message: error.message, reasons: error.data }
}

describe("an answer", () => {
  it("carries the problem, its title, and JSON-RPC's own number where it has one", () => {
    const unknown = problemJson(new UnknownMethodProblem({ correlationId }))
    assert.deepStrictEqual(errorOf(problemText("x", unknown)), {
      code: -32601,
      message: "There is no such method",
      reasons: [{ _tag: "Fail", error: unknown }]
    })
    const draining = problemJson(new DrainingProblem({ correlationId, detail: "soon" }))
    const { code, message } = errorOf(problemText(null, draining))
    assert.deepStrictEqual({ code, message }, { code: 503, message: "soon" })
  })

  it("R10 tells nothing of a defect, whatever it was", () => {
    const thrown = exitText(1, { _tag: "Failure", cause: [{ _tag: "Die", defect: "SELECT secret" }] }, defect)
    assert.notInclude(thrown, "secret")
    assert.deepStrictEqual(errorOf(thrown).reasons, [{ _tag: "Fail", error: defect() }])
    assert.strictEqual(errorOf(thrown).code, -32603)
  })

  it("says when a call was cancelled, and null where a result has nothing to say", () => {
    const cause = [{ _tag: "Interrupt", fiberId: 3 }] as const
    assert.strictEqual(errorOf(exitText(1, { _tag: "Failure", cause }, defect)).code, -32800)
    const nothing = exitText(1, { _tag: "Success", value: undefined }, defect)
    assert.deepStrictEqual(JSON.parse(nothing), { jsonrpc: "2.0", id: 1, result: null })
  })
})
