import type { Session, Story } from "./Story.ts"

/** Somebody's device in one of their conversations. */
export interface Device {
  readonly name: string
  readonly user: string
  readonly conv: string
  /** In the order of time. */
  readonly sessions: ReadonlyArray<Session>
  /** When it had which message for the first time, by position. */
  readonly had: ReadonlyMap<number, number>
  /** Whether it was connected when the lists were read in the end. */
  readonly endsConnected: boolean
}

/** Every device in every conversation of its person. Whose conversations these are, their lists tell. */
export const devicesIn = ({ histories, sessions, takes }: Story): ReadonlyArray<Device> => {
  const end = Math.min(...histories.map(({ t }) => t))
  const had = new Map<string, Map<number, number>>()
  for (const { conv, proc, seen, t } of takes) {
    const place = `${proc} ${conv}`
    const positions = had.get(place) ?? new Map<number, number>()
    for (const { pos } of seen) if (!positions.has(pos)) positions.set(pos, t)
    had.set(place, positions)
  }
  const conversations = Map.groupBy(histories, ({ user }) => user)
  return Array.from(
    Map.groupBy(sessions, ({ device }) => device),
    ([name, own]) => {
      const user = own[0]?.user ?? ""
      const endsConnected = own.some(({ from, to }) => from <= end && to >= end)
      return (conversations.get(user) ?? []).map(
        ({ conv }): Device => ({
          name,
          user,
          conv,
          sessions: own.toSorted((a, b) => a.from - b.from),
          had: had.get(`${name} ${conv}`) ?? new Map(),
          endsConnected
        })
      )
    }
  ).flat()
}
