import { useState } from "react"
import {
  Button,
  Header,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  Separator
} from "react-aria-components"
import { type Language, languageNames, languages } from "../texts/Language.ts"
import { useSpoken } from "../texts/TextsContext.tsx"
import { Icon } from "./Icon.tsx"
import { INBOX, navigate } from "./Route.ts"
import { useSession } from "./SessionContext.ts"
import { SignOutDialog } from "./SignOutDialog.tsx"

const codes: ReadonlyArray<Language> = ["en", "ar"]

export const AccountMenu = ({ showShortcuts }: { readonly showShortcuts: () => void }) => {
  const { texts, language, speak } = useSpoken()
  const { person, leave } = useSession()
  const [leaving, setLeaving] = useState(false)
  return (
    <>
      <MenuTrigger>
        <Button className="icon-button" aria-label={texts.menu}>
          <Icon name="menu" />
        </Button>
        <Popover className="popover" placement="bottom start">
          <Menu className="menu">
            <MenuSection>
              {person.name !== "" && (
                <Header className="menu-header">
                  <bdi>{texts.signedInAs(person.name)}</bdi>
                </Header>
              )}
              <MenuItem
                className="menu-item"
                onAction={() => navigate({ ...INBOX, list: { kind: "archived" } })}
              >
                {texts.archived}
              </MenuItem>
              <MenuItem className="menu-item" onAction={showShortcuts}>
                {texts.shortcuts}
              </MenuItem>
            </MenuSection>
            <Separator className="menu-separator" />
            <MenuSection
              aria-label={texts.language}
              selectionMode="single"
              disallowEmptySelection
              selectedKeys={[language]}
              onSelectionChange={(keys) => {
                const next = codes.find((code) => keys !== "all" && keys.has(code))
                if (next !== undefined) speak(next)
              }}
            >
              {codes.map((code) => (
                <MenuItem key={code} id={code} className="menu-item" lang={languages[code].locale}>
                  {languageNames[code]}
                </MenuItem>
              ))}
            </MenuSection>
            <Separator className="menu-separator" />
            <MenuSection>
              {person.way === "development" && (
                <MenuItem className="menu-item" onAction={leave}>
                  {texts.beSomeoneElse}
                </MenuItem>
              )}
              <MenuItem className="menu-item" onAction={() => setLeaving(true)}>
                {texts.signOut}
              </MenuItem>
            </MenuSection>
          </Menu>
        </Popover>
      </MenuTrigger>
      <SignOutDialog isOpen={leaving} onOpenChange={setLeaving} />
    </>
  )
}
