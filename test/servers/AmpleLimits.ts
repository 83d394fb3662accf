import { perHour, usualRules } from "@indelible/application/limits/RateRules"
import { Record } from "effect"

const most = 100_000

/** For tests and benches of something else, in which people do more in a minute than they may in an hour. */
export const ampleRules = Record.map(usualRules, () => perHour(most))

/** The same as variables of a service. */
export const ampleLimits = { LIMIT_MESSAGES: String(most), LIMIT_LISTS: String(most) }
