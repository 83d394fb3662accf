import { Checkbox } from "react-aria-components"
import { useTexts } from "../texts/TextsContext.tsx"

interface Props {
  readonly shared: boolean
  readonly change: (shared: boolean) => void
}

/** Asked before signing in: on a computer that others use as well nothing is kept. */
export const SharedComputer = ({ shared, change }: Props) => {
  const texts = useTexts()
  return (
    <Checkbox className="checkbox" isSelected={shared} onChange={change}>
      <span className="checkbox-mark" aria-hidden="true" />
      <span>
        {texts.sharedComputer} <small>{texts.sharedComputerHint}</small>
      </span>
    </Checkbox>
  )
}
