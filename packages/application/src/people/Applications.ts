import { Context, type Effect, type Option, Schema } from "effect"
import type { DirectoryUnavailable } from "./People.ts"

export const ApplicationStatus = Schema.Literals(["open", "withdrawn"])
export type ApplicationStatus = typeof ApplicationStatus.Type

/** A worker's application for a business's job, by platform ids. */
export interface JobApplication {
  readonly applicationId: string
  readonly businessUserId: string
  readonly workerUserId: string
  readonly status: ApplicationStatus
}

/** The application already joins other people, and conversations may stand on that: make a new one. */
export class ApplicationTaken extends Schema.TaggedError<ApplicationTaken>()("ApplicationTaken", {
  applicationId: Schema.String
}) {}

/** The job applications of the surrounding platform, fed by its integration API. Its two people never change. */
export class Applications extends Context.Service<
  Applications,
  {
    readonly put: (
      application: JobApplication
    ) => Effect.Effect<void, ApplicationTaken | DirectoryUnavailable>
    readonly byId: (
      applicationId: string
    ) => Effect.Effect<Option.Option<JobApplication>, DirectoryUnavailable>
    /** Open ones of any of these people, by id; at most `limit`. */
    readonly openOf: (
      userIds: ReadonlyArray<string>,
      limit: number
    ) => Effect.Effect<ReadonlyArray<JobApplication>, DirectoryUnavailable>
  }
>()("@indelible/application/people/Applications") {}
