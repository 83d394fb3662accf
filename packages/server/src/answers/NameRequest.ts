const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** What a line of the log can hold of a client's own making. */
const loggable = /^[A-Za-z0-9._-]{1,64}$/

/**
 * The id goes into the headers of events, which stay for ever and in the clear. Clients put names and addresses into
 * such ids, so only a UUID is taken from them; of another the log alone is told, beside ours.
 */
export const nameRequest = (given: string | undefined, ours: string) => {
  if (given === undefined) return { correlationId: ours, annotations: {} }
  if (uuid.test(given)) return { correlationId: given.toLowerCase(), annotations: {} }
  return {
    correlationId: ours,
    annotations: loggable.test(given) ? { clientCorrelationId: given } : {}
  }
}
