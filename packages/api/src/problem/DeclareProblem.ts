import { Schema } from "effect"

/**
 * The arguments of `HttpApiError.Problem` for one of our problems (RFC 9457, `application/problem+json`). Its `type` is
 * the path of the page on this service that explains it.
 *
 * @param code stable and for programs, where `title` and `detail` are for people and may change
 * @param advice what it means for whoever asked, and what to do
 */
export const declare = <
  const Code extends string,
  const Status extends number,
  Fields extends Schema.Struct.Fields
>(
  code: Code,
  status: Status,
  title: string,
  advice: string,
  fields: Fields
) =>
  [
    code,
    { type: `/problems/${code}` as const, status, title },
    {
      code: Schema.tag(code),
      correlationId: Schema.String.annotate({
        description:
          "Names the request in the service's log; also the `X-Correlation-Id` header of the answer."
      }),
      ...fields
    },
    { title, description: advice }
  ] as const
