import { useEffect, useState } from "react"
import { useTexts } from "../texts/TextsContext.tsx"
import { developmentPeople, type OfferedPerson } from "./DevelopmentPeople.ts"
import { goToSignIn, signInAddress, takeArrival } from "./PlatformSignIn.ts"
import type { Person } from "./SignedIn.ts"
import { SignInElsewhere } from "./SignInElsewhere.tsx"
import { WhoToBe } from "./WhoToBe.tsx"

type Way =
  | { readonly kind: "asking" }
  | { readonly kind: "anyone"; readonly people: ReadonlyArray<OfferedPerson> }
  | { readonly kind: "elsewhere"; readonly refused: boolean; readonly address: string | null }
  | { readonly kind: "unreachable" }

/** Finds out how people sign in here; null when the page is being left for it. */
const findWay = async (enter: (person: Person) => void): Promise<Way | null> => {
  const people = await developmentPeople()
  if (people !== null) return { kind: "anyone", people }
  const arrival = takeArrival()
  if (arrival.kind === "person") {
    enter(arrival.person)
    return null
  }
  const address = await signInAddress()
  if (arrival.kind === "refused" || address === null) {
    return { kind: "elsewhere", refused: arrival.kind === "refused", address }
  }
  goToSignIn(address)
  return null
}

export const Entrance = ({ enter }: { readonly enter: (person: Person) => void }) => {
  const texts = useTexts()
  const [way, setWay] = useState<Way>({ kind: "asking" })
  const [attempt, setAttempt] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: asks once an attempt, whatever `enter` is by then
  useEffect(() => {
    let wanted = true
    const show = (found: Way | null) => {
      if (wanted && found !== null) setWay(found)
    }
    findWay(enter).then(show, () => show({ kind: "unreachable" }))
    return () => {
      wanted = false
    }
  }, [attempt])
  const again = () => {
    setWay({ kind: "asking" })
    setAttempt(attempt + 1)
  }
  return (
    <main className="entrance">
      {way.kind === "asking" && <p className="quiet">{texts.loading}</p>}
      {way.kind === "anyone" && <WhoToBe people={way.people} enter={enter} />}
      {way.kind === "elsewhere" && <SignInElsewhere refused={way.refused} address={way.address} />}
      {way.kind === "unreachable" && <SignInElsewhere refused={false} address={null} unreachable={again} />}
    </main>
  )
}
