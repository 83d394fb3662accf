import { Connection } from "./Connection.js"
import { byId, make, nameOf } from "./Elements.js"
import { Inbox, showInbox } from "./Inbox.js"
import { Marks } from "./Marks.js"
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
  const send = (frame) => entered.connection.send(frame)
  entered.outbox = new Outbox(send)
  entered.marks = new Marks(send)
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
  // Nothing of whom one was before may stay in sight, however long the first answer takes.
  show()
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
  thread.readSeq = seen.seq
  session.marks.read(thread.id, seen.pos)
}

/** Brings a row of the list to what the record says now; once for all that happens while an answer is on its way. */
const refresh = async (id) => {
  const { inbox, refreshing, service } = session
  if (refreshing.has(id)) return refreshing.set(id, "again")
  do {
    refreshing.set(id, "once")
    try {
      const row = await service.ask("GET", `/conversations/${id}`)
      // Otherwise it may be older than what was shown meanwhile.
      if (refreshing.get(id) === "once") inbox.put(row)
    } finally {
      if (refreshing.get(id) === "once") refreshing.delete(id)
    }
    show()
  } while (refreshing.has(id))
}

/** What was missed, or sent from here and answered on another connection. */
const reload = async ({ inbox, outbox, thread }) => {
  await thread.load()
  for (const { clientMessageId } of thread.entries) outbox.settle(clientMessageId)
  inbox.put(thread.conversation)
}

const taken = async (frame) => {
  const here = session
  const { inbox, marks, outbox, thread, userId } = here
  const ours = frame.conversationId !== undefined && frame.conversationId === thread?.id
  switch (frame.type) {
    case "authenticated": {
      try {
        await inbox.load()
        if (thread !== undefined) await reload(here)
      } finally {
        // Whatever becomes of the list, as past its limit: what was written is not to wait for it.
        outbox.resend()
      }
      for (const row of inbox.rows) {
        const { id, lastMessage, unreadCount } = row
        if (unreadCount > 0 && lastMessage?.mine === false) marks.delivered(id, lastMessage.pos)
      }
      return show()
    }
    case "error": {
      if (outbox.refused(frame)) return show()
      if (frame.code === "unauthenticated") {
        throw new Error("The service does not know this person, or lets them in no more.")
      }
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
      if (frame.type === "message_received" && frame.sender !== userId) {
        marks.delivered(frame.conversationId, frame.pos)
      }
      const sent = frame.type === "message_sent" ? outbox.settle(frame.clientMessageId) : undefined
      // Markup and controls are taken out for readers, the sender's own devices included: ask what was made of it.
      const cleaned = sent !== undefined && /[<[\p{Cc}--[\n\t]]\u2028-\u202e\u2066-\u2069]/v.test(sent.text)
      const missed = ours && (!thread.take(frame, sent?.text) || frame.repeat || cleaned)
      if (missed) await reload(here)
      show()
      if (frame.type !== "message_delivered") await refresh(frame.conversationId)
      return
    }
  }
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
