import { IndexedDbStore } from "../../packages/client/src/store/IndexedDbStore.ts"
import { BrowserTabs } from "../../packages/client/src/tabs/BrowserTabs.ts"
import { clientStoreContract } from "./clientStoreContract.ts"
import { tabsContract } from "./tabsContract.ts"

// Runs in a page: what tests ask of it.

const service = "https://chat.example.com"
const find = <A extends { readonly name: string }>(cases: ReadonlyArray<A>, name: string): A => {
  const found = cases.find((one) => one.name === name)
  if (found === undefined) throw new Error(`there is no ${name}`)
  return found
}

const parts = {
  // Of a person of its own each: what one case keeps no other finds.
  store: (name: string) => find(clientStoreContract, name).play(() => new IndexedDbStore(service, name)),
  tabs: (name: string) => find(tabsContract, name).play(() => new BrowserTabs(service, name)),
  make: () => new BrowserTabs(service, "ann")
}
export type Parts = typeof parts

declare global {
  interface Window {
    parts: Parts
    told: Array<unknown>
    tab: BrowserTabs
  }
}
window.parts = parts
