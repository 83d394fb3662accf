import { randomUUID } from "node:crypto"
import { FoundConversation, FoundMessage } from "@indelible/api/search/FoundView"
import { Schema } from "effect"
import { assert, describe, it } from "vitest"
import * as HttpWorld from "../../http/HttpWorld.ts"

const world = HttpWorld.forThisFile()

const Messages = Schema.Struct({ messages: Schema.Array(FoundMessage), next: Schema.NullOr(Schema.String) })
const Conversations = Schema.Struct({
  conversations: Schema.Array(FoundConversation),
  next: Schema.NullOr(Schema.String)
})

const at = (path: string, q: string, rest = "") => `${path}/search?q=${encodeURIComponent(q)}${rest}`
const textOf = ({ excerpt }: FoundMessage) => excerpt.parts.map(({ text }) => text).join("")
const hitsOf = ({ excerpt }: FoundMessage) => excerpt.parts.filter(({ hit }) => hit).map(({ text }) => text)

type Talk = Awaited<ReturnType<HttpWorld.HttpWorld["talk"]>>

/** All of these said, and a search that includes the last of them. */
const saying = async (talk: Talk, ...texts: ReadonlyArray<string>) => {
  const tokens: Array<string> = []
  for (const text of texts) tokens.push((await talk.say(talk.worker, text)).token)
  const search = (by: HttpWorld.Asker, path: string, q: string, rest?: string) =>
    world().readAfter(by, tokens.at(-1) ?? "", at(path, q, rest))
  return {
    search,
    texts: async (by: HttpWorld.Asker, path: string, q: string, rest?: string) =>
      (await search(by, path, q, rest)).as(Messages).messages.map(textOf)
  }
}

describe("NFR-MSG-USAB-003 search", () => {
  it("2.10 in a conversation, newest first, with what is a hit and where it stands", async () => {
    const talk = await world().talk()
    const { search } = await saying(
      talk,
      "Der Zug nach Zürich",
      '<b>Zürich</b> & "Zurich" <script>x()</script>'
    )
    const { messages, next } = (await search(talk.business, `${talk.path}/messages`, "ZURICH")).as(Messages)
    assert.deepStrictEqual(messages.map(textOf), ['Zürich & "Zurich" ', "Der Zug nach Zürich"])
    assert.deepStrictEqual(messages.map(hitsOf), [["Zürich", "Zurich"], ["Zürich"]])
    assert.isNull(next)
    assert.deepInclude<object>(messages[1] ?? {}, {
      id: `${talk.id}.2`,
      conversationId: talk.id,
      pos: 2,
      other: { userId: talk.userIds.worker, name: talk.userIds.worker },
      mine: false
    })
    const own = (await search(talk.worker, `${talk.path}/messages`, "zug")).as(Messages).messages
    assert.deepStrictEqual(
      own.map(({ mine, other }) => [mine, other.userId]),
      [[true, talk.userIds.business]]
    )
  })

  it("3.5 in all of one's conversations, ranked where asked for, archived ones too", async () => {
    const { business, userIds } = await world().pair()
    const platform = await world().as("platform", "service")
    const worker = `worker-${randomUUID()}`
    await world().put(worker, { name: "Łukasz Żółw" })
    const started = []
    for (const other of [userIds.worker, worker]) {
      const id = randomUUID()
      await platform("PUT", `/directory/applications/${id}`, {
        ...{ business: userIds.business, worker: other, status: "open" }
      })
      const answer = await business("POST", "/conversations", { applicationId: id })
      started.push(
        Schema.decodeUnknownSync(Schema.Struct({ conversation: Schema.Struct({ id: Schema.String }) }))(
          answer.json
        )
      )
    }
    const [one, two] = started.map(({ conversation }) => conversation.id)
    if (one === undefined || two === undefined) return assert.fail("two conversations")
    await world().say(business, one, "forklift licence, forklift")
    await world().say(business, two, `a forklift ${"and many other things ".repeat(10)}`)
    const { token } = await world().say(business, two, "lukasz knows 今天天气很好")
    await business("PATCH", `/conversations/${one}/archive`)
    const find = (path: string, q: string, rest = "") => world().readAfter(business, token, at(path, q, rest))
    const places = async (rest: string) =>
      (await find("/messages", "forklift", rest))
        .as(Messages)
        .messages.map(({ conversationId }) => conversationId)
    // Another slice may be behind the one that the position names.
    while ((await places("")).length < 2);
    assert.deepStrictEqual(await places(""), [two, one])
    assert.deepStrictEqual(await places("&order=rank"), [one, two])

    const found = async (q: string): Promise<ReadonlyArray<unknown>> => {
      const { conversations } = (await find("/conversations", q)).as(Conversations)
      return conversations.map(({ conversation, message, name }) => [
        conversation.id,
        name?.parts.flatMap(({ hit, text }) => (hit ? [text] : [])) ?? null,
        message && hitsOf(message)
      ])
    }
    assert.deepStrictEqual(await found("lukasz"), [[two, ["Łukasz"], ["lukasz"]]])
    assert.deepStrictEqual(await found("zolw"), [[two, ["Żółw"], null]])
    assert.deepStrictEqual(await found("forklift"), [
      [one, null, ["forklift", "forklift"]],
      [two, null, ["forklift"]]
    ])
    assert.deepStrictEqual(await found("天气"), [[two, null, ["天气"]]])
  })

  it("4.3 finds words by their beginning from three letters on, phrases, and without what is excluded", async () => {
    const talk = await world().talk()
    const { texts } = await saying(
      talk,
      "early shift on Monday",
      "late shift",
      "mail anna@example.com",
      "well done 👍🏽"
    )
    const find = (q: string) => texts(talk.business, "/messages", q)
    assert.deepStrictEqual(await find("shi"), ["late shift", "early shift on Monday"])
    assert.deepStrictEqual(await find("sh"), [])
    assert.deepStrictEqual(await find('"early shift"'), ["early shift on Monday"])
    assert.deepStrictEqual(await find("shift -early"), ["late shift"])
    assert.deepStrictEqual(await find("monday OR late"), ["late shift", "early shift on Monday"])
    assert.deepStrictEqual(await find("anna@example.com"), ["mail anna@example.com"])
    assert.deepStrictEqual(await find("example.com"), ["mail anna@example.com"])
    assert.deepStrictEqual(await find("👍"), ["well done 👍🏽"])
  })

  it("gives 50 a page at most, and the rest by cursor", async () => {
    const talk = await world().talk()
    const { search } = await saying(talk, ...Array.from({ length: 53 }, (_, i) => `needle ${i}`))
    const path = `${talk.path}/messages`
    for (const order of ["newest", "rank"]) {
      const first = (await search(talk.worker, path, "needle", `&order=${order}`)).as(Messages)
      const rest = `&order=${order}&cursor=${first.next}`
      const second = (await search(talk.worker, path, "needle", rest)).as(Messages)
      const all = [...first.messages, ...second.messages].map(({ id }) => id)
      assert.deepStrictEqual([first.messages.length, new Set(all).size, second.next], [50, 53, null])
    }
    for (const limit of ["0", "51", "x"]) {
      const refused = await search(talk.worker, path, "needle", `&limit=${limit}`)
      assert.strictEqual(refused.outcome, "400 invalid_request")
    }
  })
})

describe("hostile searches", () => {
  const paths = (talk: Talk) => ["/messages", "/conversations", `${talk.path}/messages`]

  it("S1 what looks like an operator means itself", async () => {
    const talk = await world().talk()
    const { search, texts } = await saying(talk, "foo and bar")
    for (const q of [
      "!",
      ":*",
      "\\",
      "\\\\",
      "%",
      "_",
      "'",
      '"',
      '"foo',
      "foo:*:A",
      "a <-> b",
      "(((",
      "foo & | baz",
      "\ud800\u0000"
    ]) {
      for (const path of paths(talk)) {
        assert.strictEqual((await search(talk.business, path, q.toWellFormed())).status, 200, q)
      }
    }
    assert.deepStrictEqual(await texts(talk.business, "/messages", "foo & | bar"), ["foo and bar"])
    assert.deepStrictEqual(await texts(talk.business, "/messages", "'; DROP TABLE search.message; --"), [])
  })

  it("S2 S5 what is no search is refused, with what is wrong with it", async () => {
    const talk = await world().talk()
    const wrong = [
      "",
      " ",
      "\u200b",
      "-foo",
      "x".repeat(201),
      "x".repeat(10_000),
      "a OR ".repeat(1_000),
      "a ".repeat(33)
    ]
    for (const path of paths(talk)) {
      for (const q of wrong) {
        const refused = await talk.business("GET", at(path, q))
        assert.strictEqual(refused.outcome, "400 invalid_request", q.slice(0, 20))
        const [error] = refused.problem().errors ?? []
        assert.deepStrictEqual(error?.path, ["query", "q"])
        assert.match(error?.message ?? "", /^must /)
      }
      assert.strictEqual((await talk.business("GET", `${path}/search`)).outcome, "400 invalid_request")
      assert.strictEqual(
        (await talk.business("GET", `${path}/search?q=a&q=b`)).outcome,
        "400 invalid_request"
      )
    }
    for (const q of ["x", "天", "!"])
      assert.strictEqual((await talk.business("GET", at("/messages", q))).status, 200)
  })

  it("S3 finds nothing of others, and a conversation of others is not there", async () => {
    const theirs = await world().talk()
    const { search } = await saying(theirs, "onlytheirs")
    assert.strictEqual(
      (await search(theirs.worker, "/messages", "onlytheirs")).as(Messages).messages.length,
      1
    )
    const own = await world().talk()
    const nobody = await world().pair()
    for (const by of [own.business, own.worker, nobody.worker]) {
      assert.deepStrictEqual((await search(by, "/messages", "onlytheirs")).json, { messages: [], next: null })
      for (const q of ["onlytheirs", theirs.userIds.worker]) {
        assert.deepStrictEqual((await search(by, "/conversations", q)).json, {
          conversations: [],
          next: null
        })
      }
      const foreign = await by("GET", at(`${theirs.path}/messages`, "onlytheirs"))
      const unknown = await by(
        "GET",
        at("/conversations/00000000-0000-8000-8000-000000000000/messages", "onlytheirs")
      )
      assert.strictEqual(foreign.outcome, "404 conversation_not_found")
      const bare = ({ json }: typeof foreign) => ({ ...Object(json), correlationId: null })
      assert.deepStrictEqual(bare(foreign), bare(unknown))
    }
    assert.strictEqual((await world().anyone("GET", at("/messages", "a"))).outcome, "401 unauthenticated")
    const platform = await world().as("platform", "service")
    assert.strictEqual((await platform("GET", at("/messages", "a"))).outcome, "403 forbidden")
  })

  it("S6 a cursor is good for its person, search and order only", async () => {
    const talk = await world().talk()
    const { search } = await saying(talk, "common one", "common two")
    const { next } = (await search(talk.worker, "/messages", "common", "&limit=1")).as(Messages)
    const cursor = next ?? ""
    const refused = [
      search(talk.business, "/messages", "common", `&cursor=${cursor}`),
      search(talk.worker, "/messages", "commons", `&cursor=${cursor}`),
      search(talk.worker, "/messages", "common", `&order=rank&cursor=${cursor}`),
      search(talk.worker, `${talk.path}/messages`, "common", `&cursor=${cursor}`),
      search(talk.worker, "/conversations", "common", `&cursor=${cursor}`),
      search(talk.worker, "/messages", "common", `&cursor=${cursor.slice(0, -3)}`),
      search(talk.worker, "/messages", "common", "&cursor=random")
    ]
    for (const answer of refused) assert.strictEqual((await answer).outcome, "400 invalid_cursor")
  })

  it("leaves no word of a search in the log, and logs it by its own path", async () => {
    const talk = await world().talk()
    const secret = `secret${randomUUID().replaceAll("-", "")}`
    await talk.business("GET", at("/messages", secret))
    await talk.business("GET", at("/conversations", secret, "&limit=0"))
    await talk.business("GET", at("/messages", `${secret} ${"x".repeat(200)}`))
    assert.notInclude(world().logged.join("\n"), secret)
    assert.isTrue(world().logged.some((line) => line.includes("/conversations/search")))
  })
})
