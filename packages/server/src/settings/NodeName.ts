import { createHash } from "node:crypto"
import { hostname } from "node:os"
import { resolve } from "node:path"

/**
 * The name of a node that was given none: the same at every start, different for two on one machine. The host's own
 * name stays out of it, as it may name a person and the record keeps node names for ever.
 *
 * @param host for tests; otherwise this machine's name
 */
export const neutralName = (dataDir: string, host = hostname()): string => {
  const digest = createHash("sha256")
    .update(`${host}\n${resolve(dataDir)}`)
    .digest("hex")
  return `node-${digest.slice(0, 8)}`
}
