import { ClientMessageId } from "@indelible/domain/conversation/ClientMessageId"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { messageText } from "@indelible/domain/text/MessageText"
import { Effect, Result, Schema } from "effect"
import { Cell } from "../Cell.ts"
import { ClientError } from "../ClientError.ts"
import type { Conversation } from "../Conversation.ts"
import type { AskedFrame } from "../connection/Line.ts"
import type { Conversations } from "../conversations/Conversations.ts"
import type { Drafts } from "../conversations/Drafts.ts"
import type { Entry, Metadata } from "../Entry.ts"
import type { HeldConversation } from "../held/HeldConversation.ts"
import type { MarkMade } from "../held/Marks.ts"
import { meets, withPage } from "../held/Tail.ts"
import type { OpenConversation, Timeline } from "../OpenConversation.ts"
import type { Outbox } from "../outbox/Outbox.ts"
import { PAGE, type Place, type Service } from "../rest/Service.ts"
import type { FoundMessages, MessageSearch } from "../Search.ts"
import type { Fetching } from "../sync/Fetching.ts"
import type { Reading } from "../sync/Reading.ts"
import { storedView, unsentView } from "./EntryViews.ts"
import { ReadMarks } from "./ReadMarks.ts"
import * as Stretch from "./Stretch.ts"
import { Typing } from "./Typing.ts"

export interface OpenHouse {
  readonly conversations: Conversations
  readonly view: (id: string) => Conversation | undefined
  readonly outbox: Outbox
  readonly drafts: Drafts
  readonly service: Service
  readonly fetching: Fetching
  readonly reading: Reading
  readonly tell: (frame: AskedFrame) => Effect.Effect<void>
  readonly sendWaiting: (conversationId: string) => void
  readonly isAttended: () => boolean
  /** Everything up to now is here. */
  readonly isOnline: () => boolean
  readonly isClosed: () => boolean
  /** The clock's milliseconds. */
  readonly now: () => number
  readonly newClientMessageId: () => string
  readonly run: <A>(effect: Effect.Effect<A, ClientError>) => Promise<A>
  readonly closed: (opened: Opened) => void
}

const nothing: Timeline = {
  entries: [],
  hasEarlier: false,
  hasLater: false,
  loading: "first",
  error: null,
  firstUnread: null
}

/** What people follow to here, as in an address, may be anything. */
const isConversationId = Schema.is(ConversationId)
const noConversation = () => new ClientError("conversation_not_found", "there is no such conversation")

const checkText = Schema.decodeUnknownResult(messageText())
/** Milliseconds before the newest page is read again that did not yet have what came live. */
const LAG = 250
/** Pages that are looked through for the first unread message. */
const FAR_BACK = 40

/** One conversation that is looked at. */
export class Opened implements OpenConversation {
  readonly id: string
  readonly conversation: Cell<Conversation | undefined>
  readonly timeline = new Cell<Timeline>(nothing)
  readonly #house: OpenHouse
  readonly #typing: Typing
  readonly #marks: ReadMarks
  #stretch: Stretch.Stretch | undefined
  #loading: Promise<void> | undefined
  /** Unread when it was opened, up to which `pos`: the first of them is looked for until it is here. */
  #unreadThen: { readonly count: number; readonly upTo: number } | undefined
  #firstUnread: number | null | undefined

  constructor(id: string, house: OpenHouse) {
    this.id = id
    this.#house = house
    this.conversation = new Cell(house.view(id))
    this.#typing = new Typing((active) => {
      if (!isConversationId(id)) return
      const conversationId = id
      this.#pass(house.tell({ type: active ? "typing_start" : "typing_stop", conversationId }))
    }, house.now)
    this.#marks = new ReadMarks(house.isAttended, (upTo) => this.#read(upTo))
  }

  get #held(): HeldConversation | undefined {
    return this.#house.conversations.get(this.id)
  }

  /** Something of it is different, or it was just opened. */
  refresh(): void {
    const held = this.#held
    this.conversation.set(this.#house.view(this.id))
    if (held === undefined) return
    // What this device knew before may be of yesterday.
    if (this.#house.isOnline()) this.#countUnread(held)
    this.#stretch ??= Stretch.newest(held)
    // The tail began anew: what was before it is no longer known to join.
    if (!Stretch.fits(this.#stretch, held)) this.#stretch = Stretch.newest(held)
    const lacking = this.#stretch.at === "newest" && held.tail.length === 0 && held.hasEarlier
    if (lacking) {
      this.begin()
      // What is on the screen stays until there is something to take its place.
      if (this.timeline.get().entries.length > 0) return
    }
    this.#show(lacking ? {} : { loading: this.#loading === undefined ? "idle" : this.timeline.get().loading })
  }

  #countUnread({ pos, unreadCount }: HeldConversation): void {
    this.#unreadThen ??= { count: unreadCount, upTo: pos }
  }

  #show(change: Partial<Timeline>): void {
    const held = this.#held
    const stretch = this.#stretch
    if (held === undefined || stretch === undefined) {
      this.timeline.set({ ...this.timeline.get(), ...change })
      return
    }
    const entries: Array<Entry> = Stretch.entriesOf(stretch, held).map(storedView)
    if (stretch.at === "newest") {
      const { outbox } = this.#house
      const shown = new Set(entries.map(({ key }) => key))
      for (const entry of outbox.of(this.id)) {
        const view = unsentView(entry, outbox.isAnswered(entry.clientMessageId))
        // On record, as a page of history says, and about to be settled: a list must not have it twice.
        if (!shown.has(view.key)) entries.push(view)
      }
    }
    if (stretch.at === "newest") this.#findFirstUnread(entries, stretch.hasEarlier)
    this.timeline.set({
      ...this.timeline.get(),
      entries,
      hasEarlier: stretch.hasEarlier,
      hasLater: stretch.at === "elsewhere",
      firstUnread: this.#firstUnread ?? null,
      ...change
    })
  }

  #findFirstUnread(entries: ReadonlyArray<Entry>, hasEarlier: boolean): void {
    if (this.#firstUnread !== undefined || this.#unreadThen === undefined) return
    const { count, upTo } = this.#unreadThen
    if (count === 0) {
      this.#firstUnread = null
      return
    }
    const unread = entries.filter(
      (entry) =>
        entry.kind === "message" &&
        !entry.mine &&
        entry.readAt === null &&
        entry.pos !== null &&
        entry.pos <= upTo
    )
    const first = unread.at(-count) ?? (hasEarlier ? undefined : unread[0])
    if (first !== undefined) this.#firstUnread = first.pos
  }

  /** One loading at a time; what fails shows, and is tried again by the same call. */
  #load(loading: Timeline["loading"], work: Effect.Effect<void, ClientError>): Promise<void> {
    if (this.#loading !== undefined) return this.#loading
    this.#show({ loading, error: null })
    this.#loading = this.#house
      .run(work)
      .then(
        () => null,
        (error: unknown) =>
          error instanceof ClientError ? error : new ClientError("internal_error", String(error))
      )
      .then((error) => {
        this.#loading = undefined
        this.#show({ loading: "idle", error })
      })
    return this.#loading
  }

  /** What it shows on record need not be sent again, whatever became of the answer. */
  #page(held: HeldConversation, place: Place) {
    return Effect.tap(this.#house.service.history(held, place), ({ entries }) =>
      Effect.sync(() => {
        for (const entry of entries) {
          if (entry.kind !== "message" || entry.clientMessageId === null) continue
          // One whose event is still to come shows as sent until then.
          if (entry.pos <= (this.#held?.pos ?? 0)) this.#house.outbox.settle(entry.clientMessageId)
          else this.#house.outbox.answered(entry.clientMessageId, entry.pos).catch(() => {})
        }
      })
    )
  }

  readonly #newest: Effect.Effect<void, ClientError> = Effect.gen({ self: this }, function* () {
    const { conversations, fetching } = this.#house
    if (!isConversationId(this.id)) return yield* Effect.fail(noConversation())
    const known = this.#held ?? (yield* fetching.get(this.id))
    for (let attempt = 0; ; attempt++) {
      const page = yield* this.#page(known, {})
      const held = this.#held ?? known
      if (meets(held, page)) {
        const joined = withPage(held, page)
        this.#stretch = Stretch.newest(joined)
        conversations.put(joined)
        return
      }
      if (attempt === 8)
        return yield* Effect.fail(new ClientError("not_yet_fresh", "the history lags behind"))
      yield* Effect.sleep(LAG)
    }
  })

  /** Shows what there is, and fetches what is lacking. */
  begin(): Promise<void> {
    const held = this.#held
    if (held !== undefined && (held.tail.length >= PAGE / 2 || !held.hasEarlier)) {
      this.refresh()
      return Promise.resolve()
    }
    return this.#load("first", this.#newest)
  }

  readonly earlier = (): Promise<void> => {
    const [held, stretch] = [this.#held, this.#stretch]
    if (held === undefined || stretch === undefined) return this.begin()
    const before = Stretch.firstPos(stretch, held)
    if (before === undefined) return this.begin()
    if (!stretch.hasEarlier) return Promise.resolve()
    return this.#load(
      "earlier",
      Effect.map(this.#page(held, { before }), (page) => {
        // It may have begun anew meanwhile: the page then belongs to what is no longer shown.
        if (this.#stretch === undefined || Stretch.firstPos(this.#stretch, this.#held ?? held) !== before)
          return
        this.#stretch = Stretch.withEarlier(this.#stretch, page, this.#held ?? held)
      })
    )
  }

  readonly later = (): Promise<void> => {
    const [held, stretch] = [this.#held, this.#stretch]
    if (held === undefined || stretch?.at !== "elsewhere") return Promise.resolve()
    const after = stretch.entries.at(-1)?.pos ?? 0
    return this.#load(
      "later",
      Effect.gen({ self: this }, function* () {
        const page = yield* this.#page(held, { after })
        if (this.#stretch !== stretch) return
        this.#stretch = Stretch.withLater(stretch, page, this.#held ?? held)
        // At the end of what the service shows by now, and not yet where the device begins.
        if (page.entries.length === 0 && this.#stretch.at === "elsewhere") yield* Effect.sleep(LAG)
      })
    )
  }

  /** Another may begin while one waits for the one before. */
  async #idle(): Promise<void> {
    while (this.#loading !== undefined) await this.#loading
  }

  readonly goTo = async (place: number | string): Promise<void> => {
    await this.#idle()
    const isHere = this.timeline
      .get()
      .entries.some((entry) => entry.pos === place || (entry.kind === "message" && entry.id === place))
    if (isHere) return
    await this.#load(
      "elsewhere",
      Effect.gen({ self: this }, function* () {
        const held = this.#held ?? (yield* this.#house.fetching.get(this.id))
        const page = yield* this.#page(held, { around: place })
        this.#stretch = Stretch.around(page, this.#held ?? held)
      })
    )
  }

  readonly goToNewest = async (): Promise<void> => {
    await this.#idle()
    const held = this.#held
    if (held === undefined || this.#stretch?.at === "newest") return this.begin()
    this.#stretch = Stretch.newest(held)
    this.refresh()
  }

  readonly goToFirstUnread = async (): Promise<number | null> => {
    await this.goToNewest()
    for (let page = 0; this.#firstUnread === undefined && page < FAR_BACK; page++) {
      await this.earlier()
      if (this.timeline.get().error !== null) break
    }
    return this.#firstUnread ?? null
  }

  readonly send = async (text: string, options: { readonly metadata?: Metadata } = {}): Promise<string> => {
    if (!isConversationId(this.id)) throw noConversation()
    if (this.#house.isClosed()) throw new ClientError("closed", "the client was closed")
    const checked = checkText(text)
    if (Result.isFailure(checked)) throw new ClientError("invalid_text", checked.failure.message)
    const { newClientMessageId, now, outbox, sendWaiting } = this.#house
    const clientMessageId = ClientMessageId.make(newClientMessageId())
    this.#typing.sent()
    try {
      await outbox.keep({
        clientMessageId,
        conversationId: this.id,
        text,
        metadata: options.metadata ?? null,
        writtenAt: new Date(now()).toISOString(),
        order: outbox.nextOrder(now()),
        attempts: 0,
        failure: null
      })
    } catch (cause) {
      throw new ClientError("storage_failed", "this device could not keep the message", { cause })
    }
    sendWaiting(this.id)
    return clientMessageId
  }

  readonly retry = async (clientMessageId: string): Promise<void> => {
    const { outbox, sendWaiting } = this.#house
    const entry = outbox.find(clientMessageId)
    if (entry?.failure == null) return
    await outbox.keep({ ...entry, attempts: 0, failure: null })
    sendWaiting(this.id)
  }

  readonly discard = async (clientMessageId: string): Promise<void> => {
    const entry = this.#house.outbox.find(clientMessageId)
    if (entry?.failure == null) return
    await this.#house.outbox.discard(clientMessageId)
    this.#house.sendWaiting(this.id)
  }

  readonly setDraft = (text: string): void => this.#house.drafts.set(this.id, text)

  readonly typing = (active: boolean): void => (active ? this.#typing.press() : this.#typing.stop())

  readonly seen = (pos: number): void => {
    if ((this.#held?.unreadCount ?? 0) > 0 || this.#hasUnreadUpTo(pos)) this.#marks.seen(pos)
  }

  #hasUnreadUpTo(upTo: number): boolean {
    return this.timeline
      .get()
      .entries.some(
        (entry) =>
          entry.kind === "message" &&
          !entry.mine &&
          entry.readAt === null &&
          entry.pos !== null &&
          entry.pos <= upTo
      )
  }

  #read(upTo: number): void {
    this.#pass(this.#house.reading.tell(this.id, upTo))
  }

  /** Tells what nobody waits for: nothing comes of it where the client is being closed. */
  #pass(told: Effect.Effect<void>): void {
    this.#house.run(told).catch(() => {})
  }

  /** There is a new connection. */
  connected(): void {
    if (this.timeline.get().error !== null) this.#show({ error: null })
    if (this.#held === undefined) this.begin()
    else this.refresh()
  }

  /** Whoever sits before it may look again. */
  attend(): void {
    this.#marks.attend()
  }

  marked(mark: MarkMade): void {
    if (this.#stretch !== undefined) this.#stretch = Stretch.markStretch(this.#stretch, mark)
  }

  readonly archive = (): Promise<void> => this.#house.run(Effect.asVoid(this.#house.service.archive(this.id)))
  readonly reopen = (): Promise<void> => this.#house.run(Effect.asVoid(this.#house.service.reopen(this.id)))

  readonly search = (query: MessageSearch): Promise<FoundMessages> =>
    this.#house.run(this.#house.service.searchMessages(query, this.id))

  readonly close = (): void => {
    this.#typing.stop()
    this.#marks.close()
    this.#house.closed(this)
  }
}
