import { Context, type Effect } from "effect"
import type { IdentityUnavailable, Unauthenticated } from "./IdentityError.ts"
import type { Principal } from "./Principal.ts"

/**
 * Who asks. The one door for every interface: REST, RPC and WebSocket call it with the bare token.
 *
 * - The directory decides a person's role and whether they may come in; the token only says who they are. The token's
 *   role claim counts for one thing: exactly `"service"` makes it a program's.
 * - A person who is suspended, has left or is unknown, or whose token was issued at or before their last sign-out, is
 *   refused at most 4 s after the directory says so, on every node. Sockets already open: `SessionWatch`.
 * - When keys or directory cannot be asked nobody is let in: `IdentityUnavailable`, which is not a refusal.
 */
export class Identity extends Context.Service<
  Identity,
  {
    readonly authenticate: (token: string) => Effect.Effect<Principal, Unauthenticated | IdentityUnavailable>
  }
>()("@indelible/application/identity/Identity") {}
