import { Effect } from "effect"
import { median } from "../Latencies.ts"
import { cpuSeconds, familyCpuSeconds } from "./ProcessFigures.ts"
import { rounded } from "./Report.ts"
import type { Stage } from "./Stage.ts"

/** Seconds of CPU, by process. */
export interface CpuUse {
  readonly service: number
  readonly postgres: number
  readonly clients: number
}

const soFar = ({ client, postmaster, service }: Stage) =>
  Effect.all({
    service: cpuSeconds(service.pid),
    postgres: Effect.flatMap(postmaster, familyCpuSeconds),
    clients: Effect.suspend(() => cpuSeconds(client.pid()))
  })

/** Runs something and tells what it cost, whoever did the work. */
export const withCpuUse = Effect.fnUntraced(function* <A, E, R>(stage: Stage, work: Effect.Effect<A, E, R>) {
  const before = yield* soFar(stage)
  const result = yield* work
  const after = yield* soFar(stage)
  const cpu: CpuUse = {
    service: after.service - before.service,
    postgres: after.postgres - before.postgres,
    clients: after.clients - before.clients
  }
  return { result, cpu }
})

/** What a thousand of something cost, as columns of a table. */
export const perThousand = (runs: ReadonlyArray<{ readonly cpu: CpuUse; readonly count: number }>) => {
  const middle = (of: (cpu: CpuUse) => number) =>
    rounded(median(runs.map(({ count, cpu }) => (of(cpu) * 1_000) / count)), 2)
  return {
    "service CPU s/1,000": middle(({ service }) => service),
    "Postgres CPU s/1,000": middle(({ postgres }) => postgres),
    "clients CPU s/1,000": middle(({ clients }) => clients)
  }
}
