/** A time of day in UTC, which has no summer: every day has each of them once. */
export interface TimeOfDay {
  /** 0 to 23. */
  readonly hour: number
  /** 0 to 59. */
  readonly minute: number
}

export const dayMillis = 86_400_000

/** The last moment, not after `now`, at which it was this time; epoch milliseconds, as `now` is. */
export const latest = ({ hour, minute }: TimeOfDay, now: number): number => {
  const sinceMidnight = (hour * 60 + minute) * 60_000
  return Math.floor((now - sinceMidnight) / dayMillis) * dayMillis + sinceMidnight
}
