import type { Person } from "@indelible/client"
import { useTexts } from "../texts/TextsContext.tsx"

/** A person's name; whoever was erased has none. */
export const useNameOf = () => {
  const texts = useTexts()
  return ({ userId, name }: Person) => (userId === null ? texts.deletedUser : name)
}
