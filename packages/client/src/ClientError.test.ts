import type { ErrorCode } from "@indelible/api/realtime/ErrorCode"
import { expectTypeOf, it } from "vitest"
import type { ServiceErrorCode } from "./ClientError.ts"

// The built package names them itself: whoever installs it does not have the contract's schemas.
it("names the service's error codes, all of them and no other", () => {
  expectTypeOf<ServiceErrorCode>().toEqualTypeOf<ErrorCode>()
})
