import { byId, dayOf, exactTime, make, nameOf, timeOfDay } from "./Elements.js"

const log = byId("log")
// What scrolls must be reachable by keyboard; not every browser sees to that by itself.
log.tabIndex = 0
const list = byId("entries")
const NEAR = 80
const FIVE_MINUTES = 300_000
/** One to three emoji and nothing else. */
const jumbo = /^(?:\p{RGI_Emoji}\s*){1,3}$/v

const tickOf = ({ sentAt, deliveredAt, readAt, problem, pos }) => {
  if (problem !== undefined) return ["failed", "!", problem]
  if (pos === undefined) return ["sending", "…", "Not sent yet"]
  const times = [`Sent ${exactTime(sentAt)}`]
  if (deliveredAt) times.push(`delivered ${exactTime(deliveredAt)}`)
  if (readAt) times.push(`read ${exactTime(readAt)}`)
  return [readAt ? "read" : deliveredAt ? "delivered" : "sent", deliveredAt ? "✓✓" : "✓", times.join("\n")]
}

const systemText = ({ event, by, cause }, { side, other }) => {
  if (cause === "inactivity") return ["Archived, since nothing was written for 90 days"]
  const who = by === side ? "You" : nameOf(other.name)
  return [who, event === "archived" ? " archived the conversation" : " opened the conversation again"]
}

const dayItem = (day) => make("li", { className: "day" }, make("span", {}, day))

const systemItem = (entry, conversation) =>
  make(
    "li",
    { className: "system", title: exactTime(entry.sentAt) },
    make("span", {}, ...systemText(entry.system, conversation), ` · ${timeOfDay(entry.sentAt)}`)
  )

const textItem = (entry, grouped) => {
  const { mine, text, sentAt, problem } = entry
  const gone = text === null || text === undefined
  const body = make(
    "p",
    { className: gone ? "gone" : "text", dir: "auto" },
    gone ? "No longer retained" : text
  )
  if (!gone && text.length < 60 && jumbo.test(text.trim())) body.classList.add("jumbo")
  const [state, tick, title] = tickOf(entry)
  const time = make("time", { dateTime: sentAt, title: exactTime(sentAt) }, timeOfDay(sentAt))
  const foot = make("div", { className: "foot" }, time)
  if (mine) {
    foot.append(make("span", { className: `tick ${state}`, title, role: "img", "aria-label": state }, tick))
  }
  const item = make("li", { className: `message ${mine ? "mine" : "theirs"}${grouped ? " grouped" : ""}` })
  item.append(make("span", { className: "unseen" }, mine ? "You:" : "They:"), body, foot)
  if (problem !== undefined) {
    const retry = make("button", { type: "button" }, "Try again")
    retry.dataset.retry = entry.clientMessageId
    item.append(make("p", { className: "problem" }, `Not sent: ${problem} `, retry))
  }
  return item
}

/** What is to be seen, in order: a key that stays, what it looks like, and how it is made. */
const itemsOf = (thread, waiting) => {
  const items = []
  let last
  for (const entry of [
    ...thread.entries,
    ...waiting.map((message) => ({ ...message, type: "TEXT", mine: true }))
  ]) {
    const day = dayOf(entry.sentAt)
    if (last === undefined || dayOf(last.sentAt) !== day) {
      items.push({ key: `day ${day}`, look: day, make: () => dayItem(day) })
      last = undefined
    }
    const near = last !== undefined && Date.parse(entry.sentAt) - Date.parse(last.sentAt) < FIVE_MINUTES
    const grouped = near && last.type === "TEXT" && last.mine === entry.mine
    items.push({
      key: (entry.mine && entry.clientMessageId) || `pos ${entry.pos}`,
      look: JSON.stringify([entry, grouped]),
      make: () =>
        entry.type === "SYSTEM" ? systemItem(entry, thread.conversation) : textItem(entry, grouped),
      entry
    })
    last = entry
  }
  return items
}

/** Elements by key; only what changed is made anew, so that a reader hears of new entries alone. */
let shown = new Map()

const firstPos = () => [...shown.values()].find(({ entry }) => entry !== undefined)?.entry.pos

/**
 * @param {import("./Thread.js").Thread} thread
 * @param {Array<object>} waiting messages of the outbox
 * @param {boolean} fresh another conversation than before: begin at its end
 */
export const showThread = (thread, waiting, fresh) => {
  const toEnd = fresh || nearEnd()
  const fromEnd = log.scrollHeight - log.scrollTop
  const first = firstPos()
  if (fresh) shown = new Map()
  const next = new Map()
  for (const { key, look, make: element, entry } of itemsOf(thread, waiting)) {
    const before = shown.get(key)
    next.set(key, before?.look === look ? before : { look, entry, element: element() })
  }
  shown = next
  const prepended = !fresh && first !== undefined && firstPos() < first
  const elements = [...next.values()].map(({ element }) => element)
  for (const stale of [...list.children]) if (!elements.includes(stale)) stale.remove()
  elements.forEach((element, at) => {
    if (list.children[at] !== element) list.insertBefore(element, list.children[at] ?? null)
  })
  byId("earlier").hidden = !thread.hasEarlier
  if (toEnd) scrollToEnd()
  else if (prepended) log.scrollTop = log.scrollHeight - fromEnd
}

const nearEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR

/** Whether the reader scrolled to the end last: then a keyboard that takes half the screen leaves them there. */
let following = true

export const atEnd = () => following

export const scrollToEnd = () => {
  following = true
  log.scrollTop = log.scrollHeight
}

log.addEventListener("scroll", () => {
  following = nearEnd()
})
new ResizeObserver(() => following && scrollToEnd()).observe(log)

/** The last message of the other person whose end can be seen. */
export const lastSeen = () => {
  const bottom = log.getBoundingClientRect().bottom
  return [...shown.values()].findLast(
    ({ entry, element }) =>
      entry?.type === "TEXT" && !entry.mine && element.getBoundingClientRect().bottom <= bottom + 4
  )?.entry
}
