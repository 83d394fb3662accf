import { useEffect, useState } from "react"
import { useTexts } from "../texts/TextsContext.tsx"
import { developmentPeople, type OfferedPerson } from "./DevelopmentPeople.ts"
import { goToSignIn, signInAddress, wasAtPlatform } from "./PlatformSignIn.ts"
import type { Person } from "./SignedIn.ts"
import { SignInElsewhere } from "./SignInElsewhere.tsx"
import { WhoToBe } from "./WhoToBe.tsx"

type Way =
  | { readonly kind: "asking" }
  | { readonly kind: "anyone"; readonly people: ReadonlyArray<OfferedPerson> }
  | { readonly kind: "elsewhere"; readonly address: string | null }
  | { readonly kind: "unreachable" }

interface Props {
  readonly enter: (person: Person) => void
  /** A sign-in that this tab did not begin was in the address. */
  readonly refused: boolean
}

/** Finds out how people sign in here; null when the page is being left for it. */
const findWay = async (refused: boolean): Promise<Way | null> => {
  const people = await developmentPeople()
  if (people !== null) return { kind: "anyone", people }
  const address = await signInAddress()
  if (refused || address === null || wasAtPlatform()) return { kind: "elsewhere", address }
  goToSignIn(address, "device")
  return null
}

export const Entrance = ({ enter, refused }: Props) => {
  const texts = useTexts()
  const [way, setWay] = useState<Way>({ kind: "asking" })
  const [attempt, setAttempt] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: asks anew with each attempt
  useEffect(() => {
    let wanted = true
    const show = (found: Way | null) => {
      if (wanted && found !== null) setWay(found)
    }
    findWay(refused).then(show, () => show({ kind: "unreachable" }))
    return () => {
      wanted = false
    }
  }, [attempt, refused])
  const again = () => {
    setWay({ kind: "asking" })
    setAttempt(attempt + 1)
  }
  return (
    <main className="entrance">
      {way.kind === "asking" && <p className="quiet">{texts.loading}</p>}
      {way.kind === "anyone" && <WhoToBe people={way.people} enter={enter} />}
      {way.kind === "elsewhere" && <SignInElsewhere refused={refused} address={way.address} />}
      {way.kind === "unreachable" && <SignInElsewhere refused={false} address={null} unreachable={again} />}
    </main>
  )
}
