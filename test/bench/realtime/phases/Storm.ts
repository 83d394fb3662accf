import { randomUUID } from "node:crypto"
import { Console, Effect } from "effect"
import { Sent } from "../../../http/Answers.ts"
import { ask } from "../../../http/Ask.ts"
import { withCpuUse } from "../CpuUse.ts"
import { atMost, type Report, rounded } from "../Report.ts"
import { type Stage, socketUrl } from "../Stage.ts"
import { beyondIdle, statementsOf } from "../Statements.ts"

const goal = { seconds: 30, statements: 2 }
/** Projectors and totals have caught up with what was sent by then. */
const settle = "3 seconds"
const shown = 12

/** One message in each conversation, over REST. @returns where each conversation then stands */
const missedMessages = ({ population, service }: Stage) =>
  Effect.forEach(
    population.conversations,
    ({ business, id }) =>
      Effect.promise(async () => {
        const message = { type: "TEXT", clientMessageId: randomUUID(), text: "Did you get my last message?" }
        const headers = { authorization: `Bearer ${business.token}` }
        const sent = await ask(service.origin, "POST", `/conversations/${id}/messages`, message, { headers })
        return { conversation: id, pos: sent.as(Sent).pos }
      }),
    { concurrency: 32 }
  )

/** Everyone loses their line at once, misses something, and comes back within seconds. */
export const storm = Effect.fnUntraced(function* (stage: Stage) {
  const { client, population, scale } = stage
  const { idleSeconds, sockets, within } = scale.storm
  yield* Console.error(`storm: connecting ${sockets}`)
  yield* client.calls.Connect({
    url: socketUrl(stage),
    tokens: population.people.slice(0, sockets).map(({ token }) => token)
  })
  yield* client.calls.Resume()
  yield* client.calls.Drop()
  yield* Console.error(`storm: ${population.conversations.length} messages while nobody is there`)
  const heads = yield* missedMessages(stage)
  yield* Effect.sleep(settle)

  const { statements: idle } = yield* statementsOf(Effect.sleep(idleSeconds * 1_000))
  yield* Console.error(`storm: all come back within ${within} s`)
  const { result, statements } = yield* statementsOf(
    withCpuUse(stage, client.calls.ComeBack({ within, heads }))
  )
  yield* client.calls.Leave()

  const { cpu, result: returned } = result
  const ran = beyondIdle(statements, idle)
  const each = (calls: number) => rounded(calls / sockets, 3)
  const perReconnect = each(ran.reduce((sum, { calls }) => sum + calls, 0))
  const { again, doubled, lost, p50, p99, reordered, seconds } = returned
  return {
    tables: {
      "reconnect storm": [
        {
          sockets,
          "conversations each": 2,
          "all back after s": rounded(seconds),
          "one back p50 ms": rounded(p50),
          "p99 ms": rounded(p99),
          again,
          lost,
          doubled,
          reordered,
          "statements each": perReconnect,
          "service CPU s": rounded(cpu.service, 2),
          "Postgres CPU s": rounded(cpu.postgres, 2),
          "clients CPU s": rounded(cpu.clients, 2)
        }
      ],
      "statements of the storm": ran.slice(0, shown).map(({ calls, query }) => ({
        calls: Math.round(calls),
        "each reconnect": each(calls),
        statement: query.trim().slice(0, 90)
      }))
    },
    goals: [
      atMost(`${sockets} sockets back and caught up`, rounded(seconds), goal.seconds, "s"),
      atMost("statements by which one came back", perReconnect, goal.statements, "each"),
      {
        what: "messages that they missed",
        measured: `${lost} lost, ${doubled} doubled, ${reordered} reordered`,
        goal: "none",
        met: lost + doubled + reordered === 0
      }
    ]
  } satisfies Report
})
