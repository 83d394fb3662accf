import { briefTime, byId, exactTime, make, nameOf } from "./Elements.js"

/** The list of conversations, active or archived ones. */
export class Inbox {
  status = "active"
  rows = []
  loaded = false
  #service
  #next = null

  constructor(service) {
    this.#service = service
  }

  async load() {
    const page = await this.#page("")
    this.rows = page.conversations
    this.loaded = true
  }

  async loadMore() {
    const page = await this.#page(`&cursor=${encodeURIComponent(this.#next)}`)
    const known = new Set(this.rows.map(({ id }) => id))
    this.rows = [...this.rows, ...page.conversations.filter(({ id }) => !known.has(id))]
  }

  get hasMore() {
    return this.#next !== null
  }

  find(id) {
    return this.rows.find((row) => row.id === id)
  }

  /** Puts a conversation in its place, or takes it out where it no longer belongs. */
  put(row) {
    const belongs = (row.status === "ACTIVE") === (this.status === "active")
    const others = this.rows.filter(({ id }) => id !== row.id)
    this.rows = (belongs ? [row, ...others] : others).toSorted(
      ({ lastActivityAt: a }, { lastActivityAt: b }) => (a < b ? 1 : a > b ? -1 : 0)
    )
  }

  async #page(more) {
    const page = await this.#service.ask("GET", `/conversations?status=${this.status}${more}`)
    this.#next = page.next
    return page
  }
}

const previewOf = (last) => {
  if (last === null) return make("span", { className: "preview" }, "No messages yet")
  const text = make("bdi", {}, last.preview ?? "No longer retained")
  return make("span", { className: "preview" }, last.mine ? "You: " : "", text)
}

const rowItem = (row, link, open) => {
  const { other, lastMessage, unreadCount, lastActivityAt } = row
  const time = make(
    "time",
    { dateTime: lastActivityAt, title: exactTime(lastActivityAt) },
    briefTime(lastActivityAt)
  )
  const badge = make(
    "span",
    { className: "badge", "aria-label": `${unreadCount} unread` },
    String(unreadCount)
  )
  return make(
    "li",
    {},
    make(
      "a",
      {
        href: link(row.id),
        className: unreadCount > 0 ? "row unread" : "row",
        "aria-current": row.id === open
      },
      make("span", { className: "name" }, nameOf(other.name)),
      time,
      previewOf(lastMessage),
      unreadCount > 0 ? badge : undefined
    )
  )
}

/**
 * @param {Inbox} inbox
 * @param {(id: string) => string} link where a conversation is
 * @param {string | undefined} open the one that is open
 */
export const showInbox = (inbox, link, open) => {
  const list = byId("rows")
  const focused = document.activeElement?.closest?.("#rows a")?.getAttribute("href")
  list.replaceChildren(...inbox.rows.map((row) => rowItem(row, link, open)))
  if (focused) list.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus()
  const none = byId("no-rows")
  none.hidden = inbox.rows.length > 0 || !inbox.loaded
  none.textContent = inbox.status === "active" ? "No active conversations." : "Nothing is archived."
  byId("more-rows").hidden = !inbox.hasMore
  for (const tab of document.querySelectorAll("[data-status]")) {
    tab.setAttribute("aria-pressed", String(tab.dataset.status === inbox.status))
  }
}
