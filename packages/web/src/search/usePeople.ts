import type { Client, FoundConversation } from "@indelible/client"
import { useEffect, useState } from "react"

/** Conversations found by the other person's name. Where they cannot be asked for, the messages' search says so. */
export const usePeople = (client: Client, words: string): ReadonlyArray<FoundConversation> => {
  const [people, setPeople] = useState<ReadonlyArray<FoundConversation>>([])
  const wanted = words.trim()
  useEffect(() => {
    let current = true
    if (wanted === "") {
      setPeople([])
      return
    }
    const timer = setTimeout(() => {
      client.searchConversations({ words: wanted }).then(
        ({ conversations }) => current && setPeople(conversations.filter(({ name }) => name !== null)),
        () => current && setPeople([])
      )
    }, 180)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [client, wanted])
  return people
}
