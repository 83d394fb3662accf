import { DisplayName } from "@indelible/domain/text/DisplayName"
import { Schema } from "effect"
import { PlatformId } from "./PlatformId.ts"

/** Deliberately loose: whether an address takes mail is found out by sending. */
const Email = Schema.String.check(
  Schema.isPattern(/^[^\s@\p{C}]{1,64}@[^\s@\p{C}]{1,255}$/u, { expected: "an e-mail address" })
)

/** All that the directory knows of a user. */
export const UserDetails = Schema.Struct({
  name: DisplayName,
  email: Email,
  role: Schema.Literals(["business", "worker", "compliance", "engineer"]),
  status: Schema.Literals(["active", "suspended", "left"])
})

/** All that it knows of an application. */
export const ApplicationDetails = Schema.Struct({
  business: PlatformId.annotate({
    description: "Platform ids of the two people it joins; they never change."
  }),
  worker: PlatformId,
  status: Schema.Literals(["open", "withdrawn"])
})
