/** Line drawings on a grid of 24, in the colour of the text round them. */
const drawings = {
  back: "M15 5l-7 7 7 7",
  search: "M10.500 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13zM15.500 15.500L20 20",
  more: "M12 5.500v.01M12 12v.01M12 18.500v.01",
  menu: "M4 7h16M4 12h16M4 17h16",
  add: "M12 5v14M5 12h14",
  archive: "M4 5h16v4H4zM5.500 9v10h13V9M10 13h4",
  emoji:
    "M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17zM9 10v.01M15 10v.01M8.500 14.200c1.800 2.400 5.200 2.400 7 0",
  send: "M5 12L3.500 4.500 21 12 3.500 19.500zM5 12h8",
  close: "M6 6l12 12M18 6L6 18",
  down: "M6 9l6 6 6-6",
  bubble: "M5 4h14a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-7l-5 4v-4H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z",
  failed: "M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17zM12 8v5M12 16.200v.01"
}

export type IconName = keyof typeof drawings

/** Always beside words, or on a button with a label: nothing is said by a picture alone. */
export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg className={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d={drawings[name]} />
  </svg>
)
