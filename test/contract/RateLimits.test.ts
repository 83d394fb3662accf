import * as MemoryRateLimits from "@indelible/infrastructure/memory/MemoryRateLimits"
import { rateLimitsContract } from "./rateLimitsContract.ts"

rateLimitsContract("memory", MemoryRateLimits.layer)
