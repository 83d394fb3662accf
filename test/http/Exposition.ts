export interface Sample {
  /** With `_bucket`, `_sum` or `_count` where it has one. */
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export interface Family {
  readonly type: string
  readonly help: string
  readonly samples: Array<Sample>
}

const help = /^# HELP ([a-z_]+) (.+)$/
const type = /^# TYPE ([a-z_]+) (counter|gauge|histogram)$/
const sample = /^([a-z_]+)(?:\{(.*)\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/
const label = /([a-z_]+)="((?:[^"\\]|\\.)*)"(?:,|$)/gy

const sampleIn = (line: string): Sample => {
  const [, name, text = "", value] = sample.exec(line) ?? []
  const labels = [...text.matchAll(label)]
  const read = labels.reduce((length, [all]) => length + all.length, 0)
  if (name === undefined || read !== text.length) throw new Error(`not a sample: ${line}`)
  return {
    name,
    labels: Object.fromEntries(labels.map(([, key = "", content = ""]) => [key, content])),
    value: Number(value)
  }
}

/** Prometheus's text format, read strictly: each family once, with its help, its type and then its samples. */
export const parseExposition = (text: string): ReadonlyMap<string, Family> => {
  if (!text.endsWith("\n")) throw new Error("the last line does not end")
  const families = new Map<string, Family>()
  const lines = text.slice(0, -1).split("\n")
  let current: Family | undefined
  for (const [index, line] of lines.entries()) {
    const described = help.exec(line)
    if (described !== null) {
      const [, name = "", words = ""] = described
      const typed = type.exec(lines[index + 1] ?? "")
      if (typed?.[1] !== name || families.has(name)) throw new Error(`not one family: ${line}`)
      current = { type: typed[2] ?? "", help: words, samples: [] }
      families.set(name, current)
    } else if (!type.test(line)) {
      const found = sampleIn(line)
      const name = [...families.keys()].at(-1) ?? ""
      const names =
        current?.type === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name]
      if (!names.includes(found.name)) throw new Error(`in another family: ${line}`)
      current?.samples.push(found)
    }
  }
  return families
}
