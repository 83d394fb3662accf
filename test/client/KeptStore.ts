import type { ClientStore } from "@indelible/client"

/** A store that outlives its clients, as a browser's outlives its pages. */
export const keptStore = (store: ClientStore): ClientStore => ({
  entries: (collection) => store.entries(collection),
  write: (changes) => store.write(changes),
  clear: () => store.clear(),
  close: async () => {}
})
