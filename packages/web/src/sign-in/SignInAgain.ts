import type { Client } from "@indelible/client"
import { goToSignIn, signInAddress } from "./PlatformSignIn.ts"
import type { Person } from "./SignedIn.ts"

/** After a token was refused: what waits on the device stays there, and is sent once the same person is back. */
export const signInAgain = (person: Person, client: Client, leave: () => void) => {
  if (person.way === "development") {
    client.connectNow()
    return
  }
  signInAddress().then(
    (address) => (address === null ? leave() : goToSignIn(address, person.keep)),
    () => client.connectNow()
  )
}
