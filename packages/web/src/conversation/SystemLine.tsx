import type { SystemEntry } from "@indelible/client"
import type { Catalogue } from "../texts/Catalogue.ts"
import { useDates, useTexts } from "../texts/TextsContext.tsx"

const said = (texts: Catalogue, { change, by, cause }: SystemEntry): string => {
  if (change === "reopened") return texts.reopenedBy[by]
  return texts.archivedBy[cause === "inactivity" ? "inactivity" : by]
}

/** A change of status. No message can look like it. */
export const SystemLine = ({ entry }: { readonly entry: SystemEntry }) => {
  const texts = useTexts()
  const dates = useDates()
  return (
    <div className="system-line">
      <span>
        {said(texts, entry)} · <time dateTime={entry.at}>{dates.time(entry.at)}</time>
      </span>
    </div>
  )
}
