import { Button, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components"
import { Icon } from "../shell/Icon.tsx"
import { useTexts } from "../texts/TextsContext.tsx"

interface Props {
  readonly archived: boolean
  readonly archive: () => void
  readonly reopen: () => void
}

export const ConversationMenu = ({ archived, archive, reopen }: Props) => {
  const texts = useTexts()
  return (
    <MenuTrigger>
      <Button className="icon-button" aria-label={texts.conversationMenu}>
        <Icon name="more" />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu">
          <MenuItem className="menu-item" onAction={archived ? reopen : archive}>
            {archived ? texts.reopen : texts.archive}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
