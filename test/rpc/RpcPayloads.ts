import type { connectedRpcs } from "@indelible/api/rpc/IndelibleRpcs"
import { ClientMessageId } from "@indelible/domain/conversation/ClientMessageId"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import type { Rpc, RpcGroup } from "effect/rpc"

type Rpcs = RpcGroup.Rpcs<typeof connectedRpcs>
export type Method = Rpcs["_tag"]
type Payloads = { readonly [Current in Rpcs as Current["_tag"]]: Rpc.Payload<Current> }

const name = "none"

/** A payload that each method takes, whatever it answers. */
export const rpcPayloads = (conversationId: ConversationId): Payloads => ({
  StartConversation: { applicationId: "nobody's" },
  ListConversations: {},
  DescribeConversation: { conversationId },
  CountUnread: { conversationId },
  ArchiveConversation: { conversationId },
  ReopenConversation: { conversationId },
  SendMessage: {
    conversationId,
    clientMessageId: ClientMessageId.make(crypto.randomUUID()),
    text: "hi"
  },
  ListMessages: { conversationId },
  MarkRead: { conversationId, upTo: "all" },
  MarkDelivered: { conversationId, upTo: 1 },
  SearchConversations: { q: "hello" },
  SearchMessages: { q: "hello", conversationId },
  WhoAmI: {},
  SeePresence: { userId: "nobody" },
  PutUser: { id: "someone", name: "A", email: "a@b.c", role: "worker", status: "active" },
  PutApplication: { id: "one", business: "a", worker: "b", status: "open" },
  SignOutUser: { id: "nobody" },
  ListProjections: {},
  DescribeProjection: { name },
  RebuildProjection: { name },
  VerifyProjection: { name },
  RollBackProjection: { name },
  PauseBuild: { name },
  ResumeBuild: { name },
  CancelBuild: { name },
  ThrottleBuild: { name, maxRate: 1_000 },
  ListParked: { name },
  RetryParked: { name },
  ReadEvents: { slice: 0 },
  Authenticate: { token: "a.b.c" },
  Follow: {},
  JoinConversation: { conversationId },
  LeaveConversation: { conversationId },
  StartTyping: { conversationId },
  StopTyping: { conversationId }
})
