/** Somebody who talks, and the conversations they have. */
export interface Person {
  readonly userId: string
  readonly token: string
  readonly conversations: ReadonlyArray<string>
}
