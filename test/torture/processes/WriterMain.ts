// A node with nothing but its event store, as a process of its own that tests can kill and freeze. See WriterProtocol.
// usage: DATABASE_URL=... NODE_NAME=... node WriterMain.ts
import { createInterface } from "node:readline"
import { EventStore, type Executed, type ExecuteError } from "@indelible/application/store/EventStore"
import { tagOf } from "@indelible/application/store/StoredEvent"
import { StreamId } from "@indelible/application/store/StreamId"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Cause, Config, Effect, Exit, Logger, Result, Schema } from "effect"
import { type Locked, meta, type NotebookEvent, note } from "../../contract/Notebook.ts"
import { now } from "./History.ts"
import type { Outcome } from "./Outcome.ts"
import * as SharedStore from "./SharedStore.ts"
import { Line, Request } from "./WriterProtocol.ts"

const say = (line: Line) => process.stdout.write(`${Schema.encodeSync(Line)(line)}\n`)

const saved = ({ events, repeat }: Executed<NotebookEvent>): Outcome => {
  const last = events.at(-1)
  if (last === undefined || last.event.type !== "Noted") return unknown("answered ok without a note")
  const { header } = last.stored
  return {
    _tag: "Ok",
    pos: header.streamPos,
    recordedAt: header.recordedAt,
    text: last.event.body?.text ?? null,
    tag: tagOf(last.stored),
    repeat
  }
}

const unknown = (error: string): Outcome => ({ _tag: "Unknown", error })

/** A defect is a bug; nothing follows from it about the command. */
const notSaved = (cause: Cause.Cause<Locked | ExecuteError>): Outcome => {
  const error = Cause.findError(cause)
  if (Result.isFailure(error)) return unknown(`defect: ${Cause.pretty(cause)}`)
  const { _tag } = error.success
  if (_tag === "OutcomeUnknown") return unknown(_tag)
  return {
    _tag: "Refused",
    error: error.success._tag === "Unavailable" ? `Unavailable: ${error.success.reason}` : _tag
  }
}

const obey = Effect.fnUntraced(function* ({ actor, call, commandId, stream, text }: Request) {
  const store = yield* EventStore
  const sender = SubjectId.make(actor)
  const began = now()
  const exit = yield* Effect.exit(
    store.execute(note, StreamId.make(stream), { owner: sender, text }, meta(commandId, sender))
  )
  const ended = now()
  say({ call, began, ended, outcome: Exit.isSuccess(exit) ? saved(exit.value) : notSaved(exit.cause) })
})

/** Until stdin ends: it does so too when the one who started us is killed. */
const work = Effect.gen(function* () {
  const run = Effect.runForkWith(yield* Effect.context<EventStore>())
  const requests = createInterface({ input: process.stdin })
  const ended = Effect.callback<void>((resume) => {
    requests.once("close", () => resume(Effect.void))
  })
  requests.on("line", (line) => run(obey(Schema.decodeSync(Request)(line))))
  say({ ready: true })
  yield* ended
})

// stdout is for answers alone.
const toStderr = Logger.layer([Logger.withConsoleError(Logger.formatLogFmt)])

const program = Effect.gen(function* () {
  const url = yield* Config.Redacted("DATABASE_URL")
  const node = yield* Config.String("NODE_NAME")
  yield* Effect.provide(work, SharedStore.layer(url, node))
})

Effect.runPromise(Effect.provide(program, toStderr)).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error)
    process.exit(1)
  }
)
