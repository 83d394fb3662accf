import { Context } from "effect"

/** Where `npm run build` puts the messenger. Found by its place, not imported: the service also runs without it. */
export const MessengerFolder = Context.Reference<URL>("@indelible/server/web/MessengerFolder", {
  defaultValue: () => new URL("../../../web/dist/", import.meta.url)
})
