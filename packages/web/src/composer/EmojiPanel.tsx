import {
  EmojiPicker,
  type EmojiPickerListCategoryHeaderProps,
  type EmojiPickerListEmojiProps,
  type EmojiPickerListRowProps
} from "frimousse"
import { useTexts } from "../texts/TextsContext.tsx"

const COLUMNS = 8

const CategoryHeader = ({ category, ...props }: EmojiPickerListCategoryHeaderProps) => (
  <div className="emoji-category" {...props}>
    {category.label}
  </div>
)
const Row = (props: EmojiPickerListRowProps) => <div className="emoji-row" {...props} />
const Emoji = ({ emoji, ...props }: EmojiPickerListEmojiProps) => (
  <button type="button" className="emoji" {...props}>
    {emoji.emoji}
  </button>
)
const parts = { CategoryHeader, Row, Emoji }

/** Loaded when first opened: hence the default export. Its data is English, served beside it. */
const EmojiPanel = ({ choose }: { readonly choose: (emoji: string) => void }) => {
  const texts = useTexts()
  return (
    <EmojiPicker.Root
      className="emoji-panel"
      columns={COLUMNS}
      locale="en"
      emojibaseUrl="/assets/emoji-17.0.0"
      onEmojiSelect={({ emoji }) => choose(emoji)}
    >
      <EmojiPicker.Search
        className="emoji-search"
        placeholder={texts.searchEmoji}
        aria-label={texts.searchEmoji}
        autoFocus
      />
      <EmojiPicker.Viewport className="emoji-viewport">
        <EmojiPicker.Loading className="nothing quiet">{texts.loading}</EmojiPicker.Loading>
        <EmojiPicker.Empty className="nothing quiet">{texts.noEmoji}</EmojiPicker.Empty>
        <EmojiPicker.List className="emoji-list" components={parts} />
      </EmojiPicker.Viewport>
    </EmojiPicker.Root>
  )
}

export default EmojiPanel
