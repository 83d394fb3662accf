/** What a program knows of the device it runs on and of whoever sits before it. */
export interface Surroundings {
  /** false: surely no network. */
  readonly isOnline: () => boolean
  /** The program is seen and has the focus: what it shows is being read. */
  readonly isAttended: () => boolean
  /** The network came or went, or the program was shown, hidden, focused or left. Answers how to stop. */
  readonly subscribe: (listener: () => void) => () => void
}
