import { readFile, stat } from "node:fs/promises"
import { dirname } from "node:path"
import { Effect } from "effect"
import { AccountUnavailable } from "./EmbeddedPostgresError.ts"

/** An account of this system that the server runs under. */
export interface ServiceAccount {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** Chosen in this order when no data exists yet that belongs to somebody. */
const preferred = ["postgres", "nobody"]

const readAccounts = Effect.tryPromise({
  try: () => readFile("/etc/passwd", "utf8"),
  catch: (cause) => new AccountUnavailable({ detail: "/etc/passwd cannot be read", cause })
}).pipe(
  Effect.map((text) =>
    text.split("\n").flatMap((line): ReadonlyArray<ServiceAccount> => {
      const [name, , uid, gid] = line.split(":")
      return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : []
    })
  )
)

/**
 * The account to run the server under, or `undefined` for our own: only root must change, because Postgres refuses
 * uid 0. Data that exists keeps its owner, otherwise installing a `postgres` user later would lock us out of data
 * written as `nobody`. The account must be in /etc/passwd: Postgres looks its own uid up.
 *
 * @param ownerOfData uid that owns existing data, if there is any
 */
export const choose = Effect.fn("ServiceAccount.choose")(function* (ownerOfData: number | undefined) {
  if (process.getuid?.() !== 0) return undefined
  const accounts = yield* readAccounts
  if (ownerOfData !== undefined && ownerOfData !== 0) {
    const owner = accounts.find((account) => account.uid === ownerOfData)
    return (
      owner ??
      (yield* new AccountUnavailable({
        detail: `the data belongs to uid ${ownerOfData}, which has no account`
      }))
    )
  }
  const found = preferred.flatMap((name) => accounts.filter((account) => account.name === name))[0]
  return found ?? (yield* new AccountUnavailable({ detail: `there is no user ${preferred.join(" or ")}` }))
})

/** Starting a program as another user throws at once when this process may not (a container without that right). */
export const notPermitted = (account: ServiceAccount | undefined, cause: unknown) =>
  new AccountUnavailable({
    detail: `this process may not run a program as ${account?.name ?? "itself"}`,
    cause
  })

/**
 * The first folder on the way to `path`, itself included, that `account` may not pass through; `undefined` when all
 * are open. Only permission bits count: what an access list or a security module adds shows when the server starts.
 */
export const firstBarrier = async (
  path: string,
  account: ServiceAccount | undefined
): Promise<string | undefined> => {
  if (account === undefined) return undefined
  const parent = dirname(path)
  const above = parent === path ? undefined : await firstBarrier(parent, account)
  if (above !== undefined) return above
  const { gid, mode, uid } = await stat(path)
  const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001
  return (mode & bit) === 0 ? path : undefined
}
