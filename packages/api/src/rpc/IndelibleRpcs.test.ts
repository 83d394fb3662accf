import { assert, describe, it } from "@effect/vitest"
import { IndelibleApi } from "../IndelibleApi.ts"
import { connectedRpcs, indelibleRpcs } from "./IndelibleRpcs.ts"

/** The call for what each endpoint does. */
const calls: Readonly<Record<string, string>> = {
  "conversations.start": "StartConversation",
  "conversations.list": "ListConversations",
  "conversations.totalUnread": "CountUnread",
  "conversations.one": "DescribeConversation",
  "conversations.unread": "CountUnread",
  "conversations.archive": "ArchiveConversation",
  "conversations.reopen": "ReopenConversation",
  "conversations.readAll": "MarkRead",
  "messages.send": "SendMessage",
  "messages.history": "ListMessages",
  "messages.read": "MarkRead",
  "search.conversations": "SearchConversations",
  "search.messages": "SearchMessages",
  "search.messagesOfOne": "SearchMessages",
  "people.presence": "SeePresence",
  "directory.putUser": "PutUser",
  "directory.putApplication": "PutApplication",
  "directory.signOut": "SignOutUser",
  "operations.list": "ListProjections",
  "operations.one": "DescribeProjection",
  "operations.rebuild": "RebuildProjection",
  "operations.verify": "VerifyProjection",
  "operations.rollback": "RollBackProjection",
  "operations.pause": "PauseBuild",
  "operations.resume": "ResumeBuild",
  "operations.cancel": "CancelBuild",
  "operations.throttle": "ThrottleBuild",
  "operations.parked": "ListParked",
  "operations.retry": "RetryParked",
  "operations.events": "ReadEvents"
}

describe("the RPC contract", () => {
  it("has a call for all that REST has", () => {
    const endpoints = Object.entries(IndelibleApi.groups).flatMap(([group, { endpoints }]) =>
      Object.keys(endpoints).map((name) => `${group}.${name}`)
    )
    assert.sameMembers(
      endpoints.filter((endpoint) => !endpoint.startsWith("health.")),
      Object.keys(calls)
    )
    for (const method of Object.values(calls)) assert.isTrue(indelibleRpcs.requests.has(method), method)
  })

  it("has over WebSocket what is about a connection, and all else over both", () => {
    const more = [...connectedRpcs.requests.keys()].filter((method) => !indelibleRpcs.requests.has(method))
    const about = [
      "Authenticate",
      "Follow",
      "JoinConversation",
      "LeaveConversation",
      "StartTyping",
      "StopTyping"
    ]
    assert.sameMembers(more, about)
  })
})
