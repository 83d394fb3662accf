import type { Observable } from "@indelible/client"
import { useSyncExternalStore } from "react"

export const useObservable = <A>(observable: Observable<A>): A =>
  useSyncExternalStore(observable.subscribe, observable.get)
