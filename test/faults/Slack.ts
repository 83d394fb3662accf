import { Context } from "effect"

/** By how much whatever is waited for may take longer here, as on a machine that has other things to do; usually 1. */
export const Slack = Context.Reference<number>("test/faults/Slack", { defaultValue: () => 1 })
