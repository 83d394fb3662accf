export interface OperationsRoute {
  readonly method: string
  readonly path: string
  readonly body?: () => unknown
}

/** Every route for engineers, with a body that it would take. */
export const operationsRoutes: ReadonlyArray<OperationsRoute> = [
  { method: "GET", path: "/operations/projections" },
  { method: "GET", path: "/operations/projections/:name" },
  { method: "POST", path: "/operations/projections/:name/rebuild" },
  { method: "POST", path: "/operations/projections/:name/verify" },
  { method: "POST", path: "/operations/projections/:name/rollback" },
  { method: "POST", path: "/operations/projections/:name/pause" },
  { method: "POST", path: "/operations/projections/:name/resume" },
  { method: "POST", path: "/operations/projections/:name/cancel" },
  { method: "POST", path: "/operations/projections/:name/throttle", body: () => ({ maxRate: 1_000 }) },
  { method: "GET", path: "/operations/projections/:name/parked" },
  { method: "POST", path: "/operations/projections/:name/retry" },
  { method: "GET", path: "/operations/events" }
]
