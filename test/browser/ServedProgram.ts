import { createServer } from "node:http"
import { build } from "vite"

/** A program bundled for a page, and served to one from this machine. `entry` is its path. */
export const serveProgram = async (entry: string) => {
  const made = await build({
    configFile: false,
    logLevel: "error",
    build: { write: false, minify: false, modulePreload: false, rolldownOptions: { input: entry } }
  })
  const outputs = [made].flat().flatMap((each) => ("output" in each ? each.output : []))
  const program = outputs.find((output) => output.type === "chunk")
  if (program === undefined) throw new Error(`${entry} did not become a program`)
  const server = createServer((request, response) => {
    const isPage = request.url === "/"
    response.setHeader("content-type", isPage ? "text/html" : "text/javascript")
    response.end(isPage ? `<!doctype html><script type="module" src="/program.js"></script>` : program.code)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("not listening on TCP")
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close: () => {
      server.closeAllConnections()
      return new Promise<void>((resolve) => server.close(() => resolve()))
    }
  }
}
