import { hash } from "node:crypto"

/** How many slices the log has, for ever: a checkpoint, a token and a sealed leaf all name one. */
export const sliceCount = 256

/** The slice of a stream: the first byte of SHA-256 of its id in UTF-8, so anyone can compute it. */
export const sliceOf = (stream: string): number => hash("sha256", stream, "buffer").readUInt8(0)
