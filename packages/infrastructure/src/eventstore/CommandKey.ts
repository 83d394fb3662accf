import type { CommandMeta } from "@indelible/application/store/EventStore"

/** What names a command in its stream, for ever: its sender and the sender's own name for it. */
export const commandKeyOf = (actor: CommandMeta["actor"], commandId: string): string =>
  `${actor}/${commandId}`
