/**
 * How the client is connected. Messages can be written in any state; they are sent once it is `online`.
 *
 * - `connecting`: a connection is being made, or what was missed is being fetched.
 * - `online`: everything up to now is here, and what happens comes by itself.
 * - `waiting`: the last attempt failed; the next one is at `until` (epoch milliseconds), or sooner, when the page
 *   is shown or gets the focus, or by `Client.connectNow`.
 * - `offline`: this device says that it has no network.
 * - `signed-out`: nobody is signed in, or the service refused the token twice. `Client.connectNow` tries once more.
 * - `closed`: by `Client.close` or `Client.signOut`, for good.
 */
export type ConnectionState =
  | { readonly status: "connecting" }
  | { readonly status: "online" }
  | { readonly status: "waiting"; readonly until: number; readonly attempt: number }
  | { readonly status: "offline" }
  | { readonly status: "signed-out"; readonly reason: string }
  | { readonly status: "closed" }
