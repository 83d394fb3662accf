import { randomBytes } from "node:crypto"
import { SignJWT } from "jose"

const issuer = "https://id.example.com"
const audience = "indelible"
const secret = randomBytes(32).toString("hex")

/** Settings by which a service takes the tokens that are made here. */
export const environment: Readonly<Record<string, string>> = {
  JWT_SECRET: secret,
  JWT_ISSUER: issuer,
  JWT_AUDIENCE: audience
}

/** A token as the surrounding platform issues it. */
export const tokenOf = (userId: string, role?: "service"): Promise<string> =>
  new SignJWT(role === undefined ? {} : { role })
    .setProtectedHeader({ alg: "HS256", typ: "at+jwt" })
    .setSubject(userId)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime("4 hours")
    .sign(new TextEncoder().encode(secret))
