import type { WhoView } from "@indelible/api/rpc/WhoView"
import type { Principal } from "@indelible/application/identity/Principal"

export const whoView = ({ expiresAt, role, userId }: Principal): WhoView => ({
  userId,
  role,
  expiresAt: new Date(expiresAt).toISOString()
})
