import { userInfo } from "node:os"
import { StreamId } from "@indelible/application/store/StreamId"
import { projections } from "@indelible/projections/projections"
import { Effect, Result, Schema } from "effect"
import { Argument, Flag, GlobalFlag } from "effect/cli"

/** Anywhere on the line. */
export const JsonFlag = GlobalFlag.Setting("json")({
  flag: Flag.Boolean("json").pipe(
    Flag.withDescription("Print JSON for programs instead of words for people"),
    Flag.withDefault(false)
  )
})

const names = projections.map(({ name }) => name)

/** Which one; those of this program. */
export const projection = Argument.Literals("name", names).pipe(
  Argument.withMetavar("projection"),
  Argument.withDescription(names.join(", "))
)

/** A whole number within bounds. */
export const integer = (name: string, [least, most]: readonly [number, number], meaning: string) =>
  Flag.Int(name).pipe(
    Flag.withDescription(meaning),
    Flag.withMetavar("<n>"),
    Flag.filter(
      (value) => value >= least && value <= most,
      () => `an integer from ${least} to ${most}`
    )
  )

/** The account's name; some accounts of containers have none. */
const account = Effect.sync(() =>
  Result.getOrElse(
    Result.try(() => userInfo().username),
    () => `uid ${process.getuid?.() ?? "unknown"}`
  )
)

/** Who asks, for the record. */
export const by = Flag.String("as").pipe(
  Flag.withDescription("Who asks, for the record; your account's name unless given"),
  Flag.withMetavar("<name>"),
  Flag.filter(
    (name) => /^[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u.test(name),
    () => "1 to 100 characters, without control characters"
  ),
  Flag.withDefault(account)
)

export const yes = Flag.Boolean("yes").pipe(
  Flag.withAlias("y"),
  Flag.withDescription("Do it without asking; required where nobody can be asked"),
  Flag.withDefault(false)
)

export const detach = Flag.Boolean("detach").pipe(
  Flag.withAlias("d"),
  Flag.withDescription("Start it and return at once; it goes on by itself"),
  Flag.withDefault(false)
)

/** Events a second: what the database has room for. */
export const rates = [1, 2_147_483_647] as const

export const rate = integer(
  "rate",
  rates,
  "Events a second at most; as fast as it goes while nobody writes, unless given"
).pipe(Flag.optional)

export const keepHours = integer(
  "keep-hours",
  [1, 8_760],
  "Hours for which the tables that it replaces are kept for a roll-back (default 24)"
).pipe(Flag.withDefault(24))

export const stream = Argument.String("stream").pipe(
  Argument.withDescription("Id of a stream, such as conversation-6f1ce5d1-3a0b-8c4d-9e2f-0a1b2c3d4e5f"),
  Argument.filterMap(
    Schema.decodeOption(StreamId),
    (text) => `a stream's id such as conversation-<uuid>, not ${JSON.stringify(text)}`
  ),
  Argument.optional
)
