/** What a sender sees beside a message in the end. */
export type Tick = "sent" | "delivered" | "read"

export interface Line {
  readonly by: "business" | "worker"
  readonly text: string
  readonly tick: Tick
}

const business = (text: string, tick: Tick = "read"): Line => ({ by: "business", text, tick })
const worker = (text: string, tick: Tick = "read"): Line => ({ by: "worker", text, tick })

/** What is said, in this order: text as people write it. What an editor might normalise is spelled out. */
export const script = {
  greeting: business("Hello Kenji! 👋🏽 We liked your application for the bakery. أهلًا وسهلًا بك!"),
  thanks: worker("こんにちは、ありがとうございます！🙇🏻‍♂️ Nice to meet you, Noor."),
  question: business("שלום! Could you start on 4 January at 05:30? הקפה (and the ☕️) על חשבוננו 🙂"),
  family: worker("สวัสดีครับ ได้ครับ 👍🏿 My family 👨‍👩‍👧‍👦 says hello from 🇯🇵 and 🇹🇭 🏳️‍🌈 🏴󠁧󠁢󠁷󠁬󠁳󠁿"),
  directions: business(
    "面包房在火车站旁边。\nPlatform 3 → left → 麵包店 🥐\nاتصل بي على 0151-555-0199 عند الوصول"
  ),
  combining: business(
    "On Saturdays: cre\u0300me bru\u0302le\u0301e, n\u0303andu\u0301, क्षत्रिय, Tie\u0302\u0301ng Vie\u0323\u0302t"
  ),
  code: worker('يكتب محمد C++ و TypeScript منذ 2019. if (a < b && c > d) return "<NotAnElement> & co"'),
  afterwards: worker("One more thing: 1️⃣ keys 2️⃣ apron 3️⃣ 帽子. Who opens at 5?", "sent"),
  goodbye: business("I do. See you on Monday! 🎉", "delivered")
} as const
