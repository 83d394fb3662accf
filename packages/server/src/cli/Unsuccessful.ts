import { Schema } from "effect"

/** It was carried out and told, and is not what one hopes for: differences, or a build that failed. */
export class Unsuccessful extends Schema.TaggedError<Unsuccessful>()("Unsuccessful", {}) {}

/** Nothing was done: nobody has confirmed it. */
export class NotConfirmed extends Schema.TaggedError<NotConfirmed>()("NotConfirmed", {
  message: Schema.String
}) {}
