import { once } from "node:events"
import { createServer } from "node:http"
import { SignJWT } from "jose"

export const issuer = "https://jobs.example.com"
export const audience = "indelible"

/**
 * The surrounding platform's page that signs people in, as `docs/sign-in.md` has it, for somebody who is signed in there
 * already.
 *
 * @param messenger the origin that it gives tokens to
 */
export const platformSignIn = async (userId: string, secret: string, messenger: () => string) => {
  const visits: Array<URL> = []
  const token = (claims: Readonly<Record<string, unknown>>) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: "HS256", typ: "at+jwt" })
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime("1 hour")
      .sign(new TextEncoder().encode(secret))

  const answer = async (visit: URL) => {
    visits.push(visit)
    const to = new URL(visit.searchParams.get("return_to") ?? "about:blank")
    if (to.origin !== messenger()) return { status: 400, headers: {} }
    const state = visit.searchParams.get("state") ?? ""
    to.hash = new URLSearchParams({ token: await token({ sub: userId }), state }).toString()
    return { status: 303, headers: { location: to.href } }
  }
  const server = createServer((request, response) => {
    const visit = new URL(request.url ?? "/", "http://platform")
    // Browsers ask for an icon besides.
    if (visit.pathname !== "/sign-in") return void response.writeHead(404).end()
    void answer(visit).then(({ headers, status }) => response.writeHead(status, headers).end())
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("not listening on TCP")
  return {
    url: `http://127.0.0.1:${address.port}/sign-in?for=chat`,
    visits,
    token,
    close: () => {
      server.closeAllConnections()
      server.close()
    }
  }
}
