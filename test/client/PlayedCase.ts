/** What a port promises, told so that it can be played where no test runner is, as in a page. */
export interface PlayedCase<Port> {
  readonly name: string
  /** Plays it, and answers what came of it. `open` is called once for each tab that it needs. */
  readonly play: (open: () => Port) => Promise<unknown>
  readonly expected: unknown
}

/** What became of a promise. */
export const outcome = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "done",
    () => "refused"
  )
