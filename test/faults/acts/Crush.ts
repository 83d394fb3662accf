import { Effect, Fiber } from "effect"
import { Device } from "../clients/Device.ts"
import { type Message, newMessage } from "../clients/Message.ts"
import { insist } from "../clients/Outbox.ts"
import * as RestSender from "../clients/RestSender.ts"
import type { Fault } from "../Fault.ts"
import { now } from "../history/Recorder.ts"
import { holdsWithin, type Stage, statusOf, within } from "../Stage.ts"
import { closedBy } from "./Figures.ts"
import { growthDuring } from "./Memory.ts"
import { someTalk } from "./SomeTalk.ts"

/** 20 KB each, without a word in it that search would have to keep. */
const long = "𝄞".repeat(4_900)
const megabytesOf = (count: number) => (count * Buffer.byteLength(long)) / (1024 * 1024)

/** Megabytes: the system keeps some for a reader that does not read, and then the node one. */
const enough = 8

const tooSlow = 4408
/** Milliseconds that a node waits for the other side to agree to a close, and some. */
const closedWithin = 12_000
/** In this time no ping goes unanswered: a client that reads nothing answers none, and would be let go for that. */
const patient = { PING_INTERVAL: "300" }

/** Somebody in a conversation of the crowd, and the other person in it. */
const pairIn = Effect.fnUntraced(function* ({ crowd }: Stage) {
  const { business, conv, worker } = yield* someTalk(crowd)
  const find = (userId: string) => crowd.people.find((person) => person.userId === userId)
  const [reader, writer] = [find(worker), find(business)]
  return reader === undefined || writer === undefined
    ? yield* Effect.die(new Error("nobody is there"))
    : { conv, reader, writer }
})

export const f28: Fault = {
  id: "F28",
  title: "a client does not read while much is due to it",
  mustHave: ["let go as too slow", "gap-filled"],
  conversations: 4,
  // All of them read what is so long.
  devicesEach: () => 1,
  play: Effect.fnUntraced(function* (stage) {
    const { crowd, lasting, outage, recorder, slack, world } = stage
    const node = world.nodes.a
    const { conv, reader, writer } = yield* pairIn(stage)
    const restart = (variables?: Readonly<Record<string, string>>) =>
      outage("outage", `node ${node.name}`, Effect.andThen(node.terminate, node.start(variables)))
    yield* restart(patient)
    // Past every proxy, which would read in its place.
    const direct = { node: node.name, port: node.port }
    const slow = new Device({
      name: `${reader.userId}/slow`,
      person: reader,
      entrances: [direct],
      recorder,
      seed: stage.seed.named("slow"),
      thereWhenComplete: true
    })
    const sender = RestSender.make({
      person: writer,
      entrances: [direct],
      recorder,
      seed: stage.seed.named("sender")
    })
    const [texts, retries] = [stage.seed.named("texts"), stage.seed.named("retries")]
    const insistOn = (message: Message) => insist(sender.attempt(message), sender.connected, retries, false)
    yield* crowd.join(slow)
    yield* slow.connected
    const letGo = closedBy(tooSlow)(node)
    const before = yield* letGo
    let sent = 0
    const sendUntil = Effect.fnUntraced(function* (megabytes: number) {
      while (megabytesOf(sent) < megabytes) {
        const messages = Array.from({ length: 16 }, () => {
          const message = newMessage(texts, conv)
          return { ...message, text: `${message.key} ${long}` }
        })
        yield* Effect.forEach(messages, insistOn, { concurrency: "unbounded", discard: true })
        sent += messages.length
      }
    })
    // A node that has just started grows by its first work, whatever that is.
    const firstWork = lasting(25, 2)
    yield* sendUntil(firstWork)
    // Who does not read is not there.
    slow.ended(0)
    slow.wire?.pause(true)
    const { broken, grown } = yield* growthDuring([node], sendUntil(firstWork + lasting(50, enough)))
    // It reads what was sent before the node gave it up, and that it was.
    slow.wire?.pause(false)
    yield* within(
      slack * closedWithin,
      Effect.map(letGo, (all) => all > before)
    )
    const back = yield* holdsWithin(
      slack * 10_000,
      () => slow.isConnected && !slow.resuming && slow.threads.get(conv)?.hasGap === false
    )
    const all = (yield* letGo) - before
    yield* restart()
    return {
      counts: { "let go as too slow": all, "MB due": megabytesOf(sent) - firstWork, "MB grown": grown },
      broken: [...broken, ...(back ? [] : ["it did not come back and catch up"])]
    }
  })
}

/** What a node may ask the database for each client that comes back to it: a sign-in and a resume share statements. */
const mostStatements = 4
const allBackWithin = 30_000

export const f29: Fault = {
  id: "F29",
  title: "the node of very many clients dies, and all come to the other one",
  mustHave: ["came back", "killed"],
  perSecond: 15,
  play: Effect.fnUntraced(function* (stage) {
    const { crowd, lasting, outage, quick, recorder, slack, world } = stage
    const seed = stage.seed.named("people")
    const { a: dying, b: survivor } = world.nodes
    const each = lasting(40, 6)
    const way = (node: typeof dying) => ({ node: node.name, port: node.entrance.port })
    const storm = crowd.people.flatMap((person) =>
      Array.from({ length: each }, (_, i) => {
        const name = `${person.userId}/storm ${i}`
        return new Device({ name, person, entrances: [way(dying), way(survivor)], recorder, seed })
      })
    )
    yield* Effect.forEach(storm, crowd.join, { discard: true })
    const areThere = () => storm.every((device) => device.isConnected && !device.resuming)
    const gathered = yield* holdsWithin(slack * allBackWithin, areThere)

    let unready = 0
    const watching = yield* Effect.forkChild(
      Effect.forever(
        Effect.gen(function* () {
          if ((yield* statusOf(survivor.origin, "/health/ready")) !== 200) unready += 1
          yield* Effect.sleep("250 millis")
        })
      )
    )
    // What is asked for receipts meanwhile would be taken for returns.
    yield* crowd.hush
    const before = survivor.database.calls()
    const from = recorder.lines.length
    const since = now()
    const all = yield* outage(
      "outage",
      "node a",
      Effect.gen(function* () {
        yield* dying.kill9
        yield* holdsWithin(slack * 2_000, () => !storm.some(({ isConnected }) => isConnected))
        const back = yield* holdsWithin(slack * allBackWithin, areThere)
        const took = now() - since
        const asked = survivor.database.calls() - before
        const returns = recorder.lines
          .slice(from)
          .filter(
            (line) => line.op === "session" && line.phase === "ok" && line.node === survivor.name
          ).length
        // What it asks anyhow, now that it has everybody and all projections.
        const calmSince = now()
        yield* Effect.sleep(lasting(5_000, 1_000))
        const perMilli = (survivor.database.calls() - before - asked) / (now() - calmSince)
        yield* dying.start()
        return { back, took, perReturn: Math.max(0, (asked - perMilli * took) / Math.max(1, returns)) }
      })
    )
    yield* Fiber.interrupt(watching)
    return {
      counts: {
        killed: 1,
        "came back": all.back ? storm.length : 0,
        "ms until all were back": all.took,
        "statements each": all.perReturn
      },
      broken: [
        ...(gathered ? [] : ["not all could connect to begin with"]),
        ...(all.back ? [] : [`not all were back within ${allBackWithin} ms`]),
        ...(unready === 0 ? [] : [`the survivor was not ready ${unready} times`]),
        // Few share what it costs to take over the projections of the dead one.
        ...(quick || all.perReturn <= mostStatements
          ? []
          : [`${all.perReturn.toFixed(1)} statements for each return`])
      ]
    }
  })
}
