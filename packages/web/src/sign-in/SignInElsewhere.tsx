import { useState } from "react"
import { Button } from "react-aria-components"
import { useTexts } from "../texts/TextsContext.tsx"
import { goToSignIn } from "./PlatformSignIn.ts"
import { SharedComputer } from "./SharedComputer.tsx"

interface Props {
  readonly refused: boolean
  readonly address: string | null
  /** The service did not answer: tries again. */
  readonly unreachable?: () => void
}

/** Nobody can sign in on this page itself. */
export const SignInElsewhere = ({ refused, address, unreachable }: Props) => {
  const texts = useTexts()
  const [shared, setShared] = useState(false)
  if (unreachable !== undefined) {
    return (
      <section className="card">
        <h1>{texts.product}</h1>
        <p role="alert">{texts.refusals.offline}</p>
        <Button className="button primary" onPress={unreachable}>
          {texts.tryAgain}
        </Button>
      </section>
    )
  }
  return (
    <section className="card">
      <h1>{texts.platformSignsIn}</h1>
      {refused && <p role="alert">{texts.signInRefused}</p>}
      {address === null ? (
        <p>{texts.platformSignsInText}</p>
      ) : (
        <>
          <SharedComputer shared={shared} change={setShared} />
          <Button
            className="button primary"
            onPress={() => goToSignIn(address, shared ? "memory" : "device")}
          >
            {texts.toSignIn}
          </Button>
        </>
      )}
    </section>
  )
}
