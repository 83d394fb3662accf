/** Takes the keyboard to the list, once it is shown: on a phone it is not while a conversation is open. */
export const focusList = () => {
  setTimeout(() => {
    const list = document.querySelector(".list-pane")
    const place = list?.querySelector<HTMLElement>(".row.current, .found.current, [role=row], .found")
    place?.focus({ preventScroll: true })
  }, 60)
}
