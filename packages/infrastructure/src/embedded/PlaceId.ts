import { randomUUID } from "node:crypto"
import { link, open, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"

/** A data folder's own name, kept in it: a UUID, no secret. It goes when the folder goes. */
export const PLACE_ID_FILE = "place-id"

const isCode = (error: unknown, code: string) =>
  error instanceof Error && "code" in error && error.code === code

export const read = async (folder: string): Promise<string | undefined> => {
  const text = await readFile(join(folder, PLACE_ID_FILE), "utf8").catch((error: unknown) => {
    if (isCode(error, "ENOENT")) return undefined
    throw error
  })
  const id = text?.trim()
  // Half an id would be another place, and look like an empty database.
  if (id === "") throw new Error(`${PLACE_ID_FILE} is empty`)
  return id
}

/** The id appears complete or not at all, and of two that make it at once one wins for both. */
export const readOrMake = async (folder: string): Promise<string> => {
  const known = await read(folder)
  if (known !== undefined) return known
  const made = randomUUID()
  const path = join(folder, PLACE_ID_FILE)
  const draft = `${path}.${made}`
  try {
    await writeFile(draft, `${made}\n`, { flag: "wx", mode: 0o644, flush: true })
    await link(draft, path).catch((error: unknown) => {
      if (!isCode(error, "EEXIST")) throw error
    })
  } finally {
    await rm(draft, { force: true })
  }
  // Until the folder is flushed too, a power cut may forget the id, and with it where the database is.
  if (process.platform !== "win32") {
    const opened = await open(folder, "r")
    await opened.sync().finally(() => opened.close())
  }
  return (await read(folder)) ?? made
}
