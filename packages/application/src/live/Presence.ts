import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Context, type Effect, type Stream } from "effect"

/** Whether somebody has a device connected, or when they last had one. */
export interface PersonPresence {
  readonly online: boolean
  /** Epoch milliseconds. null: online, or not known (any more). */
  readonly lastSeenAt: number | null
}

export interface PresenceChange extends PersonPresence {
  readonly subject: SubjectId
}

/**
 * What somebody has one more or one fewer of. A connection is counted, a device has them online. A socket of the realtime
 * interface is both, a connection for calls the first alone, a stream over one the second.
 */
export type Link = "connection" | "device" | "both"

/**
 * Who is connected, over all nodes that are alive.
 *
 * - **Two facts**: connections are counted, as they are at this moment; whoever has a device is online.
 * - **A reload is no change**: whose device comes back within a grace of 3 s, on whichever node, was not away.
 * - **Nothing per idle person**: only coming and going is written. A node says of itself that it is alive; one that does
 *   not for 30 s is dead, and who was on it alone is offline, last seen when it last said so. Connections on it do not
 *   count after 12 s.
 * - **Losable**: it never fails, nothing waits long for it, and nothing is only here. While what the nodes share is away,
 *   each goes on with what it knew for 30 s, then with its own people alone; it is told anew when it is back.
 * - Last seen is kept for 30 days; on a node that shares nothing, until it stops.
 */
export class Presence extends Context.Service<
  Presence,
  {
    /**
     * Somebody has one more of this here. Answers how many connections they have in all, those that came after it not
     * counted: on all nodes, or on this one while it does not get to know.
     */
    readonly arrive: (subject: SubjectId, link: Link) => Effect.Effect<number>
    /** They have one fewer. */
    readonly depart: (subject: SubjectId, link: Link) => Effect.Effect<void>
    /** How it stands with each of these. */
    readonly of: (subjects: ReadonlyArray<SubjectId>) => Effect.Effect<ReadonlyMap<SubjectId, PersonPresence>>
    /** Answers how it stands and, until `unwatch`, tells of each change. Watching twice is watching once. */
    readonly watch: (subject: SubjectId) => Effect.Effect<PersonPresence>
    readonly unwatch: (subject: SubjectId) => Effect.Effect<void>
    /** Changes of those who are watched, for one listener; of several of one person it may get the last alone. */
    readonly changes: Stream.Stream<PresenceChange>
  }
>()("@indelible/application/live/Presence") {}
