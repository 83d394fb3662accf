import { Schema } from "effect"
import { UserDetails } from "../directory/DirectoryEntries.ts"
import { PlatformId } from "../directory/PlatformId.ts"

/** Somebody whom one may be at the development sign-in. */
export const DevelopmentPerson = Schema.Struct({
  userId: PlatformId,
  /** Without markup, as others see it. */
  name: Schema.String,
  role: UserDetails.fields.role,
  /** How many they have, archived ones too. */
  conversations: Schema.Int,
  /** Open ones that join them to somebody, and so can start a conversation, started or not. */
  applications: Schema.Array(
    Schema.Struct({
      applicationId: PlatformId,
      /** The other one's name. */
      with: Schema.String
    })
  )
})
