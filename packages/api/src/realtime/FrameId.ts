import { storable } from "@indelible/domain/text/TextRules"
import { Schema } from "effect"

/** What a client calls one of its frames, 1 to 64 UTF-16 units of its own choice; the answer to the frame carries it. */
export const FrameId = Schema.String.check(Schema.isBetweenLength(1, 64), Schema.makeFilter(storable))
export type FrameId = typeof FrameId.Type
