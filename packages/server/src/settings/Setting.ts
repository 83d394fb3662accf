import { Config, Effect, Option, Result, Schema } from "effect"

/** One variable of the configuration: how it is read, and what the table in the README says of it. */
export interface Setting<A> {
  readonly name: string
  /** As the table shows it. */
  readonly usual: string
  readonly meaning: string
  readonly read: Effect.Effect<A, SettingProblem>
}

/** What is wrong with a variable. Never shows its value, which may be a secret. */
export class SettingProblem extends Schema.TaggedError<SettingProblem>()("SettingProblem", {
  name: Schema.String,
  detail: Schema.String
}) {
  override get message() {
    return `${this.name} ${this.detail}`
  }
}

/** Deployment files often leave a variable empty to say that it is not set. */
const text = (name: string) =>
  Config.option(Config.String(name)).pipe(
    Effect.mapError(() => new SettingProblem({ name, detail: "cannot be read" })),
    Effect.map((value) =>
      Option.filter(
        Option.map(value, (set) => set.trim()),
        (set) => set !== ""
      )
    )
  )

type Parse<A> = (text: string) => Result.Result<A, string>

/** A variable with a default. */
export const setting = <A>(
  name: string,
  usual: string,
  meaning: string,
  parse: Parse<A>,
  fallback: () => A
): Setting<A> => ({
  name,
  usual,
  meaning,
  read: Effect.flatMap(
    text(name),
    Option.match({
      onNone: () => Effect.sync(fallback),
      onSome: (value) =>
        Effect.mapError(Effect.fromResult(parse(value)), (detail) => new SettingProblem({ name, detail }))
    })
  )
})

/** A variable that may be absent. */
export const optional = <A>(name: string, meaning: string, parse: Parse<A>): Setting<Option.Option<A>> =>
  setting<Option.Option<A>>(
    name,
    "none",
    meaning,
    (value) => Result.map(parse(value), Option.some),
    () => Option.none()
  )

/** A whole number within bounds. */
export const integer = (name: string, usual: number, bounds: readonly [number, number], meaning: string) =>
  setting(
    name,
    String(usual),
    meaning,
    (value) => {
      const [least, most] = bounds
      const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN
      return number >= least && number <= most
        ? Result.succeed(number)
        : Result.fail(`must be an integer from ${least} to ${most}`)
    },
    () => usual
  )
