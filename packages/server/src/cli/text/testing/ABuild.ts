import type { Build } from "@indelible/projections/engine/build/Build"

/** A build that was just asked for, but for what a test is about. */
export const aBuild = (about: Partial<Build>): Build => ({
  id: 1,
  projection: "inbox",
  kind: "rebuild",
  state: "waiting",
  stage: null,
  requestedBy: "ada",
  requestedAt: new Date("2026-11-01T09:00:00Z"),
  begunAt: null,
  endedAt: null,
  node: null,
  maxRate: null,
  events: 0,
  expected: 0,
  rate: 0,
  eta: null,
  ranges: [],
  comparison: null,
  message: null,
  keepHours: 24,
  keptUntil: null,
  ...about
})
