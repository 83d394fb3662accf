import { HttpApi, OpenApi } from "effect/http-api"
import { ConversationsGroup } from "./conversation/ConversationsGroup.ts"
import { DirectoryGroup } from "./directory/DirectoryGroup.ts"
import { HealthGroup } from "./health/HealthGroup.ts"
import { MessagesGroup } from "./message/MessagesGroup.ts"
import { OperationsGroup } from "./operations/OperationsGroup.ts"
import { PeopleGroup } from "./people/PeopleGroup.ts"
import { strictness } from "./Strictness.ts"
import { SearchGroup } from "./search/SearchGroup.ts"

const description = `Messaging that keeps the record: one-to-one conversations on an append-only event store.

**Errors** are \`application/problem+json\` (RFC 9457). Go by \`code\`; each is explained at \`/problems\`. A 503 carries \`Retry-After\`.

**Retrying is safe.** A message sent again with the same \`clientMessageId\` is the same message; marks never go back; what was archived stays archived.

**Reading your own writes.** A write answers a \`token\`, also as the header \`Indelible-Position\`. Send it with a read to get an answer that includes the write.

**Limits** are each person's, over all interfaces and devices: messages and lists of conversations an hour. Answers say how one stands with them in \`RateLimit\` and \`RateLimit-Policy\`; past a limit the answer is 429 \`rate_limited\` with \`Retry-After\`.

**Tracing.** Send a UUID as \`X-Correlation-Id\` to find a request in the service's log and in the record. Every answer carries the one that was used: yours, in lower case, or ours when it was no UUID.`

/** The REST interface. Client, server and the OpenAPI document come from here. */
export class IndelibleApi extends HttpApi.make("indelible")
  .add(
    ConversationsGroup,
    MessagesGroup,
    SearchGroup,
    PeopleGroup,
    DirectoryGroup,
    OperationsGroup,
    HealthGroup
  )
  .annotateMerge(strictness)
  .annotateMerge(OpenApi.annotations({ title: "Indelible", version: "1", description })) {}
