import { Schema } from "effect"

/** Who a token or a connection belongs to. */
export const WhoView = Schema.Struct({
  userId: Schema.String.annotate({ description: "The platform's id: the token's `sub`." }),
  role: Schema.Literals(["business", "worker", "compliance", "engineer", "service"]),
  expiresAt: Schema.String.annotate({ description: "ISO 8601 UTC: from then on the token opens nothing." })
}).annotate({ identifier: "Who" })
export type WhoView = typeof WhoView.Type
