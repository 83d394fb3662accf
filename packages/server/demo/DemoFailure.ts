/** Why the demo cannot go on, in words for whoever started it. */
export class DemoFailure extends Error {}

/** How long the service may take for any one thing, in milliseconds. */
export const PATIENCE = 10_000
