import { Deferred, Effect } from "effect"
import { Slack } from "../Slack.ts"
import type { Device } from "./Device.ts"
import { Wire } from "./Wire.ts"

/** Milliseconds, of which a random part is waited: those who lost their node together do not come back together. */
const shortest = 100
const longest = 2_000

const waitOf = ({ failures, options: { seed }, returnAfter }: Device) =>
  returnAfter > 0
    ? returnAfter
    : seed.random() * Math.min(longest, failures === 0 ? 0 : shortest * 2 ** failures)

const open = (device: Device) =>
  Effect.map(Slack, (slack) => {
    const { entrances } = device.options
    const closed = Deferred.makeUnsafe<number>()
    // Home first; whoever is not let in there tries the others in turn, and comes round to it again.
    device.entrance = entrances[device.failures % entrances.length] ?? entrances[0]
    device.failures += 1
    device.returnAfter = 0
    device.wire = new Wire({
      port: device.entrance.port,
      token: device.person.token,
      slack,
      onFrame: (frame) => device.hear(frame),
      onClosed: (code) => {
        device.ended(code)
        Deferred.doneUnsafe(closed, Effect.succeed(code))
      }
    })
    return { wire: device.wire, closed: Deferred.await(closed) }
  })

/** One connection, from the wait before it to its end. */
const connection = (device: Device) =>
  Effect.suspend(() =>
    Effect.acquireUseRelease(
      Effect.delay(open(device), waitOf(device)),
      ({ closed }) => closed,
      ({ wire }) =>
        Effect.sync(() => {
          device.ended(1000)
          wire.close()
        })
    )
  )

/** Connects, and connects again, with exponential backoff and full jitter. */
export const staysConnected = (device: Device): Effect.Effect<never> => Effect.forever(connection(device))
