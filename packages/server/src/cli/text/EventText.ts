import type { InspectedEvent } from "@indelible/application/store/InspectEvents"
import { harmless, type Style } from "./Style.ts"

const version = ({ readAs, schemaVersion, unreadable }: InspectedEvent) => {
  if (unreadable !== null) return `v${schemaVersion}, ${unreadable} to this program`
  return readAs === schemaVersion ? `v${schemaVersion}` : `v${schemaVersion}, read as v${readAs}`
}

/** Content is not for engineers: how much there is, and under which key. */
const content = ({ content }: InspectedEvent) =>
  content === null ? "no content" : `content of ${content.bytes} bytes under key ${harmless(content.keyId)}`

/** An event in two lines: where, when, what and who; then its facts as this program reads them. */
export const eventLines = (event: InspectedEvent, style: Style): ReadonlyArray<string> => [
  [
    style.strong(`${event.streamId} ${event.streamPos}`),
    `slice ${event.slice}/${event.slicePos}`,
    harmless(event.recordedAt),
    `${style.strong(harmless(event.type))} ${version(event)}`,
    `by ${event.actor}`,
    content(event)
  ].join("  "),
  `  ${harmless(JSON.stringify(event.facts))}`
]
