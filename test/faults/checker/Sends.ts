/** What a caller is told about a send, and all that it may conclude from it. */
export type Outcome =
  /** Saved. */
  | {
      readonly _tag: "Ok"
      readonly pos: number
      readonly recordedAt: string
      readonly tag: string
      readonly repeat: boolean
      /** What it says is saved, where it says so. */
      readonly content?: string | null
    }
  /** Not saved by this attempt, and never will be. */
  | { readonly _tag: "Refused"; readonly error: string }
  /** Saved or not; the same send again settles it. */
  | { readonly _tag: "Unknown"; readonly error: string }

export type Ok = Extract<Outcome, { readonly _tag: "Ok" }>

/** One attempt at a send. Times are milliseconds on one monotonic clock. */
export interface Attempt {
  /** Who was asked, or by whom: for people who look for the cause. */
  readonly process: string
  readonly stream: string
  /** Under what the log knows it: whose it is, and what they called it. */
  readonly key: string
  /** The text, or its hash: two are compared, never read. */
  readonly content: string
  readonly began: number
  /** Infinity when no answer came. */
  readonly ended: number
  /** When the caller waited no longer, where that is known. */
  readonly gaveUp?: number
  readonly outcome: Outcome
}

/** An event as a reader of the log finds it. */
export interface Recorded {
  readonly slice: number
  readonly slicePos: number
  readonly stream: string
  readonly pos: number
  readonly key: string
  /** Place among the events of its command. */
  readonly ordinal: number
  /** Number and content of the message; null for another event. */
  readonly message: { readonly seq: number; readonly content: string | null } | null
  readonly recordedAt: string
  readonly tag: string
}

/** What was asked of the store, what it answered, and what is in it. */
export interface Sends {
  readonly attempts: ReadonlyArray<Attempt>
  /** Each slice from its first event to its last, in the order it was read. */
  readonly log: ReadonlyArray<Recorded>
  /** What readers saw on the way, each slice in the order it was seen. */
  readonly seen?: ReadonlyArray<Pick<Recorded, "slice" | "slicePos" | "tag">>
}

export type Answered = Attempt & { readonly outcome: Ok }

export const isOk = (attempt: Attempt): attempt is Answered => attempt.outcome._tag === "Ok"

/** Names a send: the same key in two streams is two sends. */
export const nameOf = ({ key, stream }: Pick<Attempt, "key" | "stream">) => `${stream} ${key}`

/** One send: all its attempts, and its message in the log; undefined where there is none. */
export interface Send {
  readonly name: string
  readonly attempts: ReadonlyArray<Attempt>
  readonly event: Recorded | undefined
}

/** The sends of a run, and what is in the log that nobody sent. */
export const sendsIn = ({ attempts, log }: Sends) => {
  const messages = new Map<string, Recorded>()
  // Of a send that is there twice the first: that it is twice is another matter.
  for (const event of log) {
    const name = nameOf(event)
    if (event.message !== null && !messages.has(name)) messages.set(name, event)
  }
  const byName = Map.groupBy(attempts, nameOf)
  return {
    sends: Array.from(byName, ([name, own]): Send => ({ name, attempts: own, event: messages.get(name) })),
    strays: [...messages].filter(([name]) => !byName.has(name)).map(([, event]) => event)
  }
}

/** How often what happened: a run in which nothing was retried has shown nothing. */
export const tally = (attempts: ReadonlyArray<Attempt>) => {
  const errors: { [error: string]: number } = {}
  const counts = { sends: 0, ok: 0, fail: 0, info: 0, retried: 0, deduplicated: 0, settled: 0 }
  for (const own of Map.groupBy(attempts, nameOf).values()) {
    counts.sends += 1
    counts.retried += own.length - 1
    for (const { outcome } of own) {
      if (outcome._tag !== "Ok") {
        errors[outcome.error] = (errors[outcome.error] ?? 0) + 1
        counts[outcome._tag === "Refused" ? "fail" : "info"] += 1
      } else {
        counts.ok += 1
        // Nobody sent it before: the store lost an answer of the database, and asked again.
        if (outcome.repeat) counts[own.length === 1 ? "settled" : "deduplicated"] += 1
      }
    }
  }
  return { ...counts, errors }
}
