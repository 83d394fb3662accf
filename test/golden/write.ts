import { createHash } from "node:crypto"
import { existsSync, writeFileSync } from "node:fs"
import { conversationEvents } from "@indelible/domain/conversation/ConversationEvent"
import { sealEvent } from "@indelible/infrastructure/envelope/SealEvent"
import { examples, people } from "./examples.ts"
import { type GoldenEvent, goldenEvents } from "./GoldenEvents.ts"

// Run once after a new event type or version: node test/golden/write.ts. It only ever adds.

const file = new URL("events.golden.json", import.meta.url)
const known = existsSync(file) ? goldenEvents() : []
const contentKey = createHash("sha256").update("golden content key").digest()

const added = examples.flatMap((event, i): ReadonlyArray<GoldenEvent> => {
  const { schemaVersion } = conversationEvents[event.type]
  if (known.some((golden) => golden.type === event.type && golden.schemaVersion === schemaVersion)) return []
  const sealed = sealEvent(
    {
      streamId: "conversation-3c1f8f6e-2d8a-8d4b-9a51-0f0e8d1b7c11",
      streamPos: i + 1,
      type: event.type,
      schemaVersion,
      recordedAt: "2026-11-22T09:00:00.000Z",
      actor: people[0],
      participants: people,
      correlationId: "golden",
      causationId: null,
      node: "golden",
      client: "rest",
      commandKey: `${people[0]}/0190f1a0-0000-4000-8000-0000000000c${i}`,
      ordinal: 0,
      facts: event.facts,
      body: event.body
    },
    { keyId: `${people[0]}/2026-Q4`, bytes: contentKey },
    createHash("sha256").update(event.type).digest().subarray(0, 12)
  )
  return [
    {
      aggregate: "conversation",
      type: event.type,
      schemaVersion,
      header: Buffer.from(sealed.headerBytes).toString("base64"),
      headerHash: Buffer.from(sealed.headerHash).toString("hex"),
      body: sealed.body === null ? null : Buffer.from(sealed.body).toString("base64"),
      contentKey: contentKey.toString("base64"),
      said: { facts: event.facts, body: event.body }
    }
  ]
})

writeFileSync(file, `${JSON.stringify([...known, ...added], null, 2)}\n`)
process.stdout.write(`${added.length} added, ${known.length} kept\n`)
