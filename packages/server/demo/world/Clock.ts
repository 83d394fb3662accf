import { Schema } from "effect"
import { RestClient } from "../RestClient.ts"

/** The clock of the service's record, which goes where it is told in development alone. */
export class RecordClock {
  readonly #rest: RestClient

  constructor(origin: URL) {
    this.#rest = new RestClient(origin)
  }

  /** @param at milliseconds since 1970 */
  set(at: number): Promise<unknown> {
    return this.#tell(new Date(at).toISOString())
  }

  putBack(): Promise<unknown> {
    return this.#tell(null)
  }

  #tell(at: string | null) {
    return this.#rest.ask(Schema.Unknown, "POST", "/development/clock", { body: { at } })
  }
}
