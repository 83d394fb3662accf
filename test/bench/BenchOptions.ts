/** How a bench was asked for. */
export interface BenchOptions {
  readonly json: boolean
  /** Small numbers, to see whether it still runs. */
  readonly quick: boolean
  /** Names of phases, for a bench that has some; none: all of them. */
  readonly only: ReadonlyArray<string>
}
