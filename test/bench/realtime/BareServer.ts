import { join } from "node:path"
import { freePort } from "@indelible/infrastructure/embedded/FreePort"
import { Effect } from "effect"
import { answering } from "../Answering.ts"
import { childProgram } from "../ChildProgram.ts"

const program = join(import.meta.dirname, "bareServerMain.ts")

/** A server that takes sockets and does nothing with them, as a process of its own until the scope ends. */
export const bareServer = Effect.fnUntraced(function* (node: ReadonlyArray<string>) {
  const port = yield* freePort
  const { ended, pid } = yield* childProgram(program, { arguments: [String(port)], node })
  yield* Effect.raceFirst(answering(`http://127.0.0.1:${port}`, "/"), ended)
  return { pid, url: `ws://127.0.0.1:${port}` }
})
