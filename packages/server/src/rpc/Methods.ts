import { connectedRpcs, indelibleRpcs } from "@indelible/api/rpc/IndelibleRpcs"
import { Result, Schema, type SchemaIssue } from "effect"
import { RpcSchema } from "effect/rpc"

/** A method as a call is held against it, before anything is begun. */
export interface Method {
  /** It answers more than once. */
  readonly streams: boolean
  /** It is for those who have not signed in yet. */
  readonly signsIn: boolean
  /** What is wrong with parameters; undefined when nothing is. */
  readonly complaint: (params: unknown) => SchemaIssue.Issue | undefined
}

/** By their names. Maps: no name that a client makes up finds anything else in them. */
export type Methods = ReadonlyMap<string, Method>

type Rpcs = typeof connectedRpcs | typeof indelibleRpcs

/** What is not documented is an error, named with all others of the call. */
const strictly = { errors: "all", onExcessProperty: "error" } as const

const methodsOf = ({ requests }: Rpcs): Methods =>
  new Map(
    Array.from(requests.values(), (rpc) => {
      const decode = Schema.decodeUnknownResult(Schema.toCodecJson(rpc.payloadSchema), strictly)
      const method: Method = {
        streams: RpcSchema.isStreamSchema(rpc.successSchema),
        signsIn: rpc._tag === "Authenticate",
        complaint: (params) => {
          const read = decode(params)
          return Result.isFailure(read) ? read.failure.issue : undefined
        }
      }
      return [rpc._tag, method]
    })
  )

export const methods = {
  overHttp: methodsOf(indelibleRpcs),
  overWebSocket: methodsOf(connectedRpcs)
}
