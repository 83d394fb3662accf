/** How a language writes moments, in the time zone of the device. */
export interface Dates {
  readonly time: (iso: string) => string
  /** "Today", "Yesterday", or a date: for what separates days. */
  readonly day: (iso: string, now: number) => string
  /** As short as it can be: a time today, a weekday this week, else a date. */
  readonly short: (iso: string, now: number) => string
  /** A day and a time. */
  readonly moment: (iso: string, now: number) => string
}

/** The day on this device's calendar, as a number that rises by one each day. */
export const dayNumber = (moment: number): number => {
  const date = new Date(moment)
  return Math.floor(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000)
}

const upperFirst = (text: string, locale: string) => {
  const [first = ""] = text
  return first.toLocaleUpperCase(locale) + text.slice(first.length)
}

export const datesIn = (locale: string): Dates => {
  const time = new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" })
  const weekday = new Intl.DateTimeFormat(locale, { weekday: "long" })
  const date = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" })
  const dateOfYear = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" })
  const long = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" })
  const longOfYear = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" })

  const ago = (iso: string, now: number) => dayNumber(now) - dayNumber(Date.parse(iso))
  const sameYear = (iso: string, now: number) => new Date(iso).getFullYear() === new Date(now).getFullYear()
  const near = (days: number) => relative.format(-days, "day")
  const dated = (iso: string, now: number) => (sameYear(iso, now) ? date : dateOfYear).format(Date.parse(iso))

  return {
    time: (iso) => time.format(Date.parse(iso)),
    day: (iso, now) => {
      const days = ago(iso, now)
      if (days === 0 || days === 1) return upperFirst(near(days), locale)
      return (sameYear(iso, now) ? long : longOfYear).format(Date.parse(iso))
    },
    short: (iso, now) => {
      const days = ago(iso, now)
      if (days <= 0) return time.format(Date.parse(iso))
      if (days === 1) return upperFirst(near(1), locale)
      return days < 7 ? weekday.format(Date.parse(iso)) : dated(iso, now)
    },
    moment: (iso, now) => {
      const days = ago(iso, now)
      const at = time.format(Date.parse(iso))
      return days <= 0 ? at : `${days === 1 ? near(1) : dated(iso, now)}, ${at}`
    }
  }
}
