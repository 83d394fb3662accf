const [quote, backslash] = [0x22, 0x5c]
const opening = new Set([0x5b, 0x7b])
const closing = new Set([0x5d, 0x7d])

/** Whether JSON text nests deeper than `most`; one pass that stops there. Text that is no JSON may be judged either way. */
export const nestsDeeperThan = (json: string, most: number): boolean => {
  let depth = 0
  let inString = false
  for (let i = 0; i < json.length; i++) {
    const unit = json.charCodeAt(i)
    if (inString) {
      if (unit === backslash) i++
      else if (unit === quote) inString = false
    } else if (unit === quote) inString = true
    else if (opening.has(unit)) {
      depth += 1
      if (depth > most) return true
    } else if (closing.has(unit)) depth -= 1
  }
  return false
}
