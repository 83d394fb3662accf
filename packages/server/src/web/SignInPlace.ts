import { Option } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { signInPath } from "../http/KnownRoutes.ts"

/** Tells the messenger where people without a token are sent (`docs/sign-in.md`); null: nowhere. */
export const layer = (url: Option.Option<URL>) =>
  HttpRouter.add(
    "GET",
    signInPath,
    HttpServerResponse.jsonUnsafe({ url: Option.getOrNull(Option.map(url, ({ href }) => href)) })
  )
