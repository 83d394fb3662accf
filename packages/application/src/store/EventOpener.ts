import type { DomainEvent, ReadEvent } from "@indelible/domain/event/DomainEvent"
import type { EventCatalogue } from "@indelible/domain/event/EventCatalogue"
import type { UnreadableEvent } from "@indelible/domain/event/EventDefinition"
import { Context, type Effect, type Result } from "effect"
import type { KeyVaultUnavailable } from "../keys/KeyVault.ts"
import type { StoredEvent } from "./StoredEvent.ts"

/**
 * Opens stored events: decrypts the bodies whose keys still exist, checks that body and header belong together, and
 * carries old versions forward. An event whose key was destroyed, or lost and
 * made anew, opens with a null body. One that does not open is an
 * answer of its own, so that a reader can park it and go on.
 */
export class EventOpener extends Context.Service<
  EventOpener,
  {
    /** Answers in the order of `events`; loads each key once. */
    readonly open: <E extends DomainEvent>(
      catalogue: EventCatalogue<E>,
      events: ReadonlyArray<StoredEvent>
    ) => Effect.Effect<ReadonlyArray<Result.Result<ReadEvent<E>, UnreadableEvent>>, KeyVaultUnavailable>
  }
>()("@indelible/application/store/EventOpener") {}
