import { everyDay } from "@indelible/application/jobs/DailyJob"
import { nightlyStateCheck } from "@indelible/application/store/NightlyStateCheck"
import { Effect, Layer } from "effect"
import type { Settings } from "../settings/Settings.ts"

/** Takes its turn, with the other nodes, at comparing kept states with events. */
export const layer = ({ nodeName }: Pick<Settings, "nodeName">) =>
  Layer.effectDiscard(Effect.forkScoped(everyDay(nightlyStateCheck, nodeName)))
