/** `1,234,567`, whatever the machine's language: people compare what two machines print. */
export const count = (value: number): string => Math.round(value).toLocaleString("en-US")

/** `1 event`, `2 events`. */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`

/** About how long: `0 s`, `27 s`, `4 min 10 s`, `3 h 5 min`, `2 d 4 h`. */
export const duration = (seconds: number): string => {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  const pair = (value: number, unit: string, rest: number, smaller: string) =>
    rest === 0 ? `${value} ${unit}` : `${value} ${unit} ${rest} ${smaller}`
  if (whole < 3_600) return pair(Math.floor(whole / 60), "min", whole % 60, "s")
  if (whole < 86_400) return pair(Math.floor(whole / 3_600), "h", Math.floor((whole % 3_600) / 60), "min")
  return pair(Math.floor(whole / 86_400), "d", Math.floor((whole % 86_400) / 3_600), "h")
}

/** `2026-11-01 09:00:00 UTC`. */
export const moment = (at: Date): string => `${at.toISOString().slice(0, 19).replace("T", " ")} UTC`
