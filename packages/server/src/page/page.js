import { Connection } from "./Connection.js"
import { byId, make, nameOf } from "./Elements.js"
import { Inbox, showInbox } from "./Inbox.js"
import { Outbox } from "./Outbox.js"
import { knownPairs, makePair, pairOf, remember } from "./People.js"
import { Service } from "./Service.js"
import { Thread } from "./Thread.js"
import { atEnd, lastSeen, scrollToEnd, showThread } from "./ThreadView.js"

const LONGEST = 5_000

/** Who one is and what is open stand in the address, so that each tab can be someone else and survives a reload. */
const place = () => Object.fromEntries(new URLSearchParams(location.hash.slice(1)))
const link = (as, open) => `#${new URLSearchParams(open === undefined ? { as } : { as, open })}`

/** What one is signed in as: everything of it goes when one becomes somebody else. */
let session

const trouble = (error) => {
  if (error instanceof Error) console.error(error)
  const line = byId("trouble")
  line.textContent = error === undefined ? "" : error.message
  line.hidden = error === undefined
}

/** For whatever the page starts by itself or on a click: what goes wrong is said at the top. */
const attempt = async (work) => {
  try {
    await work()
    trouble(undefined)
  } catch (error) {
    trouble(error)
  }
}

const states = { connecting: "Connecting…", waiting: "Not connected; trying again", open: "Connected" }

const enter = (userId) => {
  session?.connection.end()
  const service = new Service(userId)
  const { self, other } = pairOf(userId)
  const entered = { userId, service, inbox: new Inbox(service), refreshing: new Map() }
  session = entered
  entered.outbox = new Outbox((frame) => entered.connection.send(frame))
  entered.connection = new Connection(
    service,
    (frame) => session === entered && attempt(() => taken(frame)),
    (state) => {
      if (session !== entered) return
      byId("state").textContent = states[state]
      byId("state").dataset.state = state
    }
  )
  byId("self").hidden = false
  byId("own-name").textContent = self?.name ?? userId
  byId("other-tab").hidden = other === undefined
  if (other !== undefined) {
    byId("other-tab").href = link(other.id)
    byId("other-tab").replaceChildren("be ", nameOf(other.name), " in another tab")
  }
}

const leave = () => {
  session?.connection.end()
  session = undefined
  byId("self").hidden = true
  byId("state").textContent = ""
  document.title = "Indelible"
  showPairs()
}

const showPairs = () => {
  const person = ({ id, name, role }) =>
    make("a", { href: link(id), className: "person" }, nameOf(name), make("small", {}, role))
  byId("pairs").replaceChildren(...knownPairs().map((pair) => make("li", {}, ...pair.map(person))))
}

const show = (fresh = false) => {
  if (session === undefined) return
  const { inbox, thread, outbox, userId } = session
  showInbox(inbox, (id) => link(userId, id), thread?.id)
  const unread = inbox.rows.reduce((sum, { unreadCount }) => sum + unreadCount, 0)
  document.title = unread > 0 ? `(${unread}) Indelible` : "Indelible"
  byId("messenger").classList.toggle("reading", thread !== undefined)
  byId("nothing-open").hidden = thread !== undefined
  byId("open").hidden = thread === undefined
  if (thread === undefined) return
  const { other, status } = thread.conversation
  byId("other-name").textContent = other.name === "DELETED_USER" ? "Someone who left" : other.name
  byId("status").textContent = status === "ACTIVE" ? "" : "Archived"
  byId("archive").textContent = status === "ACTIVE" ? "Archive" : "Re-open"
  byId("back").href = link(userId)
  showThread(thread, outbox.of(thread.id), fresh)
  looked()
}

/** What can be seen of the open conversation counts as read, once somebody is there to see it. */
const looked = () => {
  byId("newest").hidden = atEnd()
  const thread = session?.thread
  if (thread === undefined || document.visibilityState !== "visible" || !document.hasFocus()) return
  const seen = lastSeen()
  if (seen === undefined || seen.readAt || seen.seq <= thread.readSeq) return
  if (session.connection.send({ type: "mark_read", conversationId: thread.id, upTo: seen.pos })) {
    thread.readSeq = seen.seq
  }
}

/** Brings a row of the list to what the record says now; once for all that happens while an answer is on its way. */
const refresh = async (id) => {
  const { inbox, refreshing, service } = session
  if (refreshing.has(id)) return refreshing.set(id, "again")
  do {
    refreshing.set(id, "once")
    try {
      inbox.put(await service.ask("GET", `/conversations/${id}`))
    } finally {
      if (refreshing.get(id) === "once") refreshing.delete(id)
    }
    show()
  } while (refreshing.has(id))
}

const reload = async () => {
  await session.thread.load()
  for (const { clientMessageId } of session.thread.entries) session.outbox.settle(clientMessageId)
  session.inbox.put(session.thread.conversation)
  show()
}

const delivered = ({ conversationId, pos }) =>
  session.connection.send({ type: "ack_delivered", conversationId, upTo: pos })

const taken = async (frame) => {
  const { connection, inbox, outbox, thread } = session
  const ours = frame.conversationId !== undefined && frame.conversationId === thread?.id
  switch (frame.type) {
    case "authenticated": {
      await Promise.all([inbox.load(), thread?.load()])
      for (const row of inbox.rows) {
        if (row.unreadCount > 0 && row.lastMessage?.mine === false) {
          delivered({ conversationId: row.id, pos: row.lastMessage.pos })
        }
      }
      outbox.resend()
      return show()
    }
    case "error": {
      if (outbox.refused(frame)) return show()
      throw new Error(frame.message)
    }
    case "unread_count": {
      const row = inbox.find(frame.conversationId)
      if (row === undefined) return
      inbox.put({ ...row, unreadCount: frame.unread })
      return show()
    }
    case "message_received":
    case "message_sent":
    case "message_delivered":
    case "message_read":
    case "conversation_updated": {
      if (frame.type === "message_received" && frame.sender !== session.userId) delivered(frame)
      const sent = frame.type === "message_sent" ? outbox.settle(frame.clientMessageId) : undefined
      // Markup and controls are taken out for readers, the sender's own devices included: ask what was made of it.
      const cleaned = sent !== undefined && /[<\p{Cc}\u2028-\u202e\u2066-\u2069]/u.test(sent.text)
      const missed = ours && (!thread.take(frame, sent?.text) || frame.repeat || cleaned)
      if (missed) await reload()
      else show()
      if (frame.type !== "message_delivered" && frame.type !== "message_read")
        await refresh(frame.conversationId)
      return
    }
  }
  if (frame.type === "draining") connection.send({ type: "ping" })
}

const open = async (id) => {
  if (session.thread?.id === id) return
  session.thread = undefined
  if (id === undefined) return show()
  const thread = new Thread(session.service, session.userId, { id })
  await thread.load()
  // Another one may have been chosen meanwhile.
  if (place().open !== id || place().as !== session?.userId) return
  session.thread = thread
  show(true)
  byId("text").focus({ preventScroll: true })
}

/** A link of the demo names both people, so that the page knows them from then on. */
const learn = ({ as, business, businessName, worker, workerName }) => {
  if (!as || !business || !worker) return false
  remember([
    { id: business, name: businessName || business, role: "business" },
    { id: worker, name: workerName || worker, role: "worker" }
  ])
  return true
}

const arrive = () =>
  attempt(async () => {
    const there = place()
    if (learn(there)) history.replaceState(null, "", link(there.as, there.open))
    byId("who").hidden = there.as !== undefined
    byId("messenger").hidden = there.as === undefined
    if (there.as === undefined) return leave()
    if (session?.userId !== there.as) enter(there.as)
    await open(there.open)
  })

const composer = byId("composer")
const text = byId("text")

const measure = () => {
  const length = [...text.value].length
  byId("length").textContent = length > LONGEST - 500 ? `${length} of ${LONGEST}` : ""
  return length
}

composer.onsubmit = (event) => {
  event.preventDefault()
  const length = measure()
  if (session?.thread === undefined || text.value.trim() === "" || length > LONGEST) return
  session.outbox.put(session.thread.id, text.value)
  text.value = ""
  measure()
  show()
  scrollToEnd()
}
text.oninput = measure
text.onkeydown = (event) => {
  // While an input method composes a word, Enter accepts it.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return
  event.preventDefault()
  composer.requestSubmit()
}

byId("entries").onclick = ({ target }) => {
  if (target.dataset.retry === undefined) return
  session.outbox.retry(target.dataset.retry)
  show()
}
byId("archive").onclick = () =>
  attempt(async () => {
    const { id, pos, conversation } = session.thread
    const change = conversation.status === "ACTIVE" ? "archive" : "reopen"
    await session.service.ask("PATCH", `/conversations/${id}/${change}`, { basedOn: pos })
  })
byId("earlier").onclick = () =>
  attempt(async () => {
    await session.thread.loadEarlier()
    show()
  })
byId("more-rows").onclick = () =>
  attempt(async () => {
    await session.inbox.loadMore()
    show()
  })
for (const tab of document.querySelectorAll("[data-status]")) {
  tab.onclick = () =>
    attempt(async () => {
      session.inbox.status = tab.dataset.status
      await session.inbox.load()
      show()
    })
}
byId("newest").onclick = scrollToEnd
byId("log").onscroll = looked
document.onvisibilitychange = looked
addEventListener("focus", looked)
byId("make-pair").onclick = () =>
  attempt(async () => {
    await makePair()
    showPairs()
  })
byId("by-id").onsubmit = (event) => {
  event.preventDefault()
  location.hash = link(byId("platform-id").value.trim())
}
addEventListener("hashchange", arrive)
arrive()
