import { Effect, Fiber } from "effect"
import { Device } from "../clients/Device.ts"
import { newMessage } from "../clients/Message.ts"
import { insist } from "../clients/Outbox.ts"
import * as RestSender from "../clients/RestSender.ts"
import type { Fault } from "../Fault.ts"
import { now } from "../history/Recorder.ts"
import { holdsWithin, type Stage, statusOf, within } from "../Stage.ts"

const megabyte = 1024 * 1024
/** A node may keep a megabyte for a socket; the rest is what any work leaves behind for a while. */
const mostGrowth = 150 * megabyte
/** 20 KB each; the system's own buffers take some megabytes before the node keeps any. */
const long = "😀".repeat(4_900)

/** Somebody in a conversation of the crowd, and the other person in it. */
const pairIn = ({ crowd }: Stage) => {
  const [talk] = crowd.talks
  const find = (userId: string | undefined) => crowd.people.find((person) => person.userId === userId)
  const [reader, writer] = [find(talk?.worker), find(talk?.business)]
  return talk === undefined || reader === undefined || writer === undefined
    ? Effect.die(new Error("nobody is there"))
    : Effect.succeed({ conv: talk.conv, reader, writer })
}

export const f28: Fault = {
  id: "F28",
  title: "a client does not read while much is due to it",
  mustHave: ["let go", "gap-filled"],
  play: Effect.fnUntraced(function* (stage) {
    const { lasting, recorder, seed, slack, world } = stage
    const node = world.nodes.a
    const { conv, reader, writer } = yield* pairIn(stage)
    // Past every proxy, which would read in its place.
    const direct = { node: node.name, port: node.port }
    const slow = new Device({
      name: `${reader.userId}/slow`,
      person: reader,
      entrances: [direct],
      recorder,
      seed
    })
    const sender = RestSender.make({ person: writer, entrances: [direct], recorder, seed })
    yield* stage.crowd.join(slow)
    yield* slow.connected
    const isThere = (device: Device) => device.isConnected && device.entrance.node === node.name
    // Clients of an earlier fault that vanished without a word, which the node has yet to find out.
    yield* within(
      slack * 30_000,
      Effect.map(
        node.metric("indelible_realtime_sockets"),
        (sockets) => sockets === stage.crowd.devices.filter(isThere).length
      )
    )
    const closes = (code: string) => node.metric("indelible_realtime_closes_total", { code })
    // Whichever comes first: too much is due to it, or it does not answer a ping for all that comes before that.
    const letGo = Effect.map(Effect.all([closes("4408"), closes("1006")]), ([tooSlow = 0, silent = 0]) => ({
      tooSlow,
      all: tooSlow + silent
    }))
    const memory = node.metric("process_resident_memory_bytes")
    const before = yield* letGo
    const memoryBefore = (yield* memory) ?? 0
    // Who does not read is not there.
    slow.ended(0)
    slow.wire?.pause(true)
    let sent = 0
    let grown = 0
    let after = before
    const end = now() + lasting(120_000, 30_000)
    while (after.all === before.all && now() < end) {
      yield* Effect.forEach(
        Array.from({ length: 16 }, () => {
          const message = newMessage(seed, conv)
          return { ...message, text: `${message.key} ${long}` }
        }),
        (message) => insist(sender.attempt(message), sender.connected, seed, false),
        { concurrency: "unbounded", discard: true }
      )
      sent += 16
      after = yield* letGo
      grown = Math.max(grown, ((yield* memory) ?? 0) - memoryBefore)
    }
    slow.wire?.pause(false)
    const back = yield* holdsWithin(
      slack * 10_000,
      () => slow.isConnected && slow.threads.get(conv)?.hasGap === false
    )
    const caughtUp = yield* holdsWithin(slack * 10_000, () => !slow.resuming)
    return {
      counts: {
        "let go": after.all - before.all,
        "of these as too slow": after.tooSlow - before.tooSlow,
        "long messages": sent,
        "MB grown": grown / megabyte
      },
      broken: [
        ...(back && caughtUp ? [] : ["it did not come back and catch up"]),
        ...(grown < mostGrowth ? [] : [`the node grew by ${(grown / megabyte).toFixed(0)} MB`])
      ]
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
    const { crowd, lasting, outage, recorder, seed, slack, world } = stage
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
    const before = survivor.database.calls()
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
        // What it asks anyhow, now that it has everybody and all projections.
        const calmSince = now()
        yield* Effect.sleep(lasting(5_000, 1_000))
        const perMilli = (survivor.database.calls() - before - asked) / (now() - calmSince)
        yield* dying.start()
        return { back, took, perReturn: Math.max(0, (asked - perMilli * took) / storm.length) }
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
        ...(all.perReturn <= mostStatements ? [] : [`${all.perReturn.toFixed(1)} statements for each return`])
      ]
    }
  })
}
