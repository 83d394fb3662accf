/** The element of an id that the page is known to have. */
export const byId = (id) => document.getElementById(id)

/**
 * A new element. Texts become text nodes and nothing else, whatever they contain.
 *
 * @param {string} tag
 * @param {Record<string, unknown>} properties as of the DOM; `undefined` ones are left out
 * @param {...(Node | string | undefined)} children
 */
export const make = (tag, properties, ...children) => {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined) continue
    if (name.includes("-") || name === "role") element.setAttribute(name, String(value))
    else element[name] = value
  }
  element.append(...children.filter((child) => child !== undefined))
  return element
}

/** Someone's name between texts of another direction. */
export const nameOf = (name) => make("bdi", {}, name === "DELETED_USER" ? "Someone who left" : name)

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" })
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" })
const longDay = new Intl.DateTimeFormat(undefined, {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric"
})
const shortDay = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" })
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" })

const midnight = (time) => new Date(time).setHours(0, 0, 0, 0)
/** Days from today, by the calendar: an hour more or less where clocks change does not count. */
const daysFromToday = (time) => Math.round((midnight(time) - midnight(Date.now())) / 86_400_000)

export const timeOfDay = (time) => clock.format(new Date(time))
export const exactTime = (time) => exact.format(new Date(time))
export const dayOf = (time) => {
  const days = daysFromToday(time)
  return days === 0 || days === -1 ? relative.format(days, "day") : longDay.format(new Date(time))
}
/** For lists: today the time, else the day. */
export const briefTime = (time) =>
  daysFromToday(time) === 0 ? timeOfDay(time) : shortDay.format(new Date(time))
