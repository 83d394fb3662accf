/** The end of the RESP value that begins at `at`; undefined while not all of it is there. */
const endOf = (bytes: Buffer, at: number): number | undefined => {
  const line = bytes.indexOf("\r\n", at)
  if (line === -1) return undefined
  const next = line + 2
  const kind = String.fromCharCode(bytes[at] ?? 0)
  const count = Number(bytes.toString("latin1", at + 1, line))
  switch (kind) {
    case "$":
    case "=":
    case "!": {
      // -1: nothing.
      const end = count < 0 ? next : next + count + 2
      return end <= bytes.length ? end : undefined
    }
    case "*":
    case ">":
    case "~":
    case "%": {
      let end: number | undefined = next
      for (let i = 0; i < (kind === "%" ? 2 * count : count) && end !== undefined; i++)
        end = endOf(bytes, end)
      return end
    }
    default:
      return next
  }
}

/** Cuts what Redis says into whole values. */
export class RespFrames {
  #rest = Buffer.alloc(0)

  take(bytes: Buffer): ReadonlyArray<Buffer> {
    this.#rest = Buffer.concat([this.#rest, bytes])
    const values: Array<Buffer> = []
    for (;;) {
      const end = this.#rest.length === 0 ? undefined : endOf(this.#rest, 0)
      if (end === undefined) return values
      values.push(this.#rest.subarray(0, end))
      this.#rest = this.#rest.subarray(end)
    }
  }
}

/** Whether a value is a message that somebody published, and no answer. */
export const isPublished = (value: Buffer): boolean =>
  /^[*>]\d+\r\n\$\d+\r\ns?message\r\n/.test(value.toString("latin1", 0, 32))
