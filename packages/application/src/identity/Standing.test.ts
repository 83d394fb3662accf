import { assert, describe, it } from "@effect/vitest"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { type Standing, sessionEnd } from "./Standing.ts"

const active: Standing = {
  subject: SubjectId.make("0190f1a0-0000-4000-8000-00000000000a"),
  role: "worker",
  status: "active",
  signedOutAt: 0
}
const worker = (issuedAt: number) => ({ issuedAt, role: "worker" }) as const

describe("sessionEnd (J8, W4)", () => {
  it("lets an active person go on", () => assert.strictEqual(sessionEnd(active, worker(1)), undefined))

  it("ends every session of the suspended and of those who left, however fresh", () => {
    assert.strictEqual(sessionEnd({ ...active, status: "suspended" }, worker(9e15)), "suspended")
    assert.strictEqual(sessionEnd({ ...active, status: "left" }, worker(9e15)), "left")
  })

  it("ends what began in the second of the sign-out, as whole-second issuers write it, and nothing later", () => {
    const signedOut = { ...active, signedOutAt: 10_400 }
    const issued = (at: number) => sessionEnd(signedOut, worker(Math.floor(at / 1_000) * 1_000))
    assert.strictEqual(issued(9_999), "signed-out")
    assert.strictEqual(issued(10_399), "signed-out")
    // Indistinguishable from the one before: refused as well.
    assert.strictEqual(issued(10_401), "signed-out")
    assert.strictEqual(issued(11_000), undefined)
  })

  it("tells fractions of a second apart", () => {
    const signedOut = { ...active, signedOutAt: 10_400 }
    assert.strictEqual(sessionEnd(signedOut, worker(10_400)), "signed-out")
    assert.strictEqual(sessionEnd(signedOut, worker(10_401)), undefined)
  })

  it("ends what was opened with the rights of another role", () =>
    assert.strictEqual(sessionEnd({ ...active, role: "compliance" }, worker(1)), "role-changed"))
})
