import { ClientError } from "@indelible/client"
import { keepToken, keptToken, type Person } from "./SignedIn.ts"

/** Later it may answer otherwise: too slow, too many, or away. */
const mayPass = (status: number) => status === 408 || status === 429 || status >= 500

const developmentToken = async (userId: string): Promise<string> => {
  const response = await fetch("/development/sign-in", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ userId })
  })
  if (!response.ok) {
    const told = `sign-in answered ${response.status}`
    throw mayPass(response.status) ? new Error(told) : new ClientError("signed_out", told)
  }
  const answer: unknown = await response.json()
  if (
    typeof answer === "object" &&
    answer !== null &&
    "token" in answer &&
    typeof answer.token === "string"
  ) {
    return answer.token
  }
  throw new Error("sign-in answered no token")
}

/** Tokens of a person as the client asks for them. One that the platform gave cannot be renewed from here. */
export const tokenOf =
  ({ userId, way }: Person) =>
  async ({ renew }: { readonly renew: boolean }): Promise<string> => {
    const kept = keptToken()
    if (kept !== null && !renew) return kept
    if (way === "platform") throw new ClientError("signed_out", "the platform must give a new token")
    const token = await developmentToken(userId)
    keepToken(token)
    return token
  }
