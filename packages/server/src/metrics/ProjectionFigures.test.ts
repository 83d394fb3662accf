import { assert, describe, it } from "@effect/vitest"
import type { Build } from "@indelible/projections/engine/build/Build"
import type { ProjectionStatus } from "@indelible/projections/operations/ProjectionStatus"
import { projectionFigures } from "./ProjectionFigures.ts"

const well: ProjectionStatus = {
  name: "inbox",
  version: 2,
  builtFor: 2,
  owner: "eu-1",
  halted: null,
  events: 90,
  expected: 90,
  lagSeconds: 0,
  parked: 0,
  build: null,
  asked: []
}

const build: Build = {
  id: 1,
  projection: "inbox",
  kind: "rebuild",
  state: "running",
  stage: "folding",
  requestedBy: "someone",
  requestedAt: new Date(0),
  begunAt: new Date(0),
  endedAt: null,
  node: "eu-1",
  maxRate: null,
  events: 40,
  expected: 90,
  rate: 1_234.5,
  eta: 1,
  ranges: [],
  comparison: null,
  message: null,
  keepHours: 24,
  keptUntil: null
}

const lines = (text: string) => text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))

describe("the figures of projections", () => {
  it("say of each one how far it is, and of the log how long", () => {
    const behind = { ...well, name: "history", events: 60, expected: 91, lagSeconds: 1.5, parked: 3 }
    assert.sameMembers(lines(projectionFigures([well, behind])), [
      "indelible_projection_collect_up 1",
      "indelible_log_events_total 91",
      'indelible_projection_lag_events{projection="inbox"} 0',
      'indelible_projection_lag_events{projection="history"} 31',
      'indelible_projection_lag_seconds{projection="inbox"} 0',
      'indelible_projection_lag_seconds{projection="history"} 1.5',
      'indelible_projection_processed_events_total{projection="inbox"} 90',
      'indelible_projection_processed_events_total{projection="history"} 60',
      'indelible_projection_parked_streams{projection="inbox"} 0',
      'indelible_projection_parked_streams{projection="history"} 3',
      'indelible_projection_owned{projection="inbox"} 1',
      'indelible_projection_owned{projection="history"} 1',
      'indelible_projection_needs_rebuild{projection="inbox"} 0',
      'indelible_projection_needs_rebuild{projection="history"} 0'
    ])
  })

  it("tell that nobody owns one, and that its tables are another version's or not there", () => {
    const unowned = lines(projectionFigures([{ ...well, owner: null, builtFor: 1 }]))
    assert.include(unowned, 'indelible_projection_owned{projection="inbox"} 0')
    assert.include(unowned, 'indelible_projection_needs_rebuild{projection="inbox"} 1')
    const without = lines(projectionFigures([{ ...well, builtFor: null }]))
    assert.include(without, 'indelible_projection_needs_rebuild{projection="inbox"} 1')
  })

  it("show the newest rebuild in its one state, with a rate only while it runs", () => {
    const running = lines(projectionFigures([{ ...well, build }]))
    assert.include(running, 'indelible_projection_build{projection="inbox",kind="rebuild",state="running"} 1')
    assert.include(running, 'indelible_projection_build_events{projection="inbox"} 40')
    assert.include(running, 'indelible_projection_build_expected_events{projection="inbox"} 90')
    assert.include(running, 'indelible_projection_build_rate{projection="inbox"} 1234.5')
    const done = lines(projectionFigures([{ ...well, build: { ...build, state: "done" } }]))
    assert.lengthOf(
      done.filter((line) => line.startsWith("indelible_projection_build{")),
      1
    )
    assert.include(done, 'indelible_projection_build_rate{projection="inbox"} 0')
    assert.notInclude(done.join("\n"), "someone")
  })

  it("are absent when they are not known", () => {
    assert.deepStrictEqual(lines(projectionFigures(null)), ["indelible_projection_collect_up 0"])
  })
})
