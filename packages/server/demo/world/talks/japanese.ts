import { b, lately, on, type Talk, w } from "../Talk.ts"

export const japanese: ReadonlyArray<Talk> = [
  {
    key: "sakura-kenji",
    business: "sakura",
    worker: "kenji",
    ends: "read",
    archivedBy: "worker",
    sittings: [
      on(
        146,
        "01:10",
        b(
          "田中様、はじめまして。さくらホテル人事の佐藤と申します。このたびは調理スタッフにご応募いただき、ありがとうございます。"
        ),
        w("佐藤様、ご連絡ありがとうございます。田中健二と申します。どうぞよろしくお願いいたします。"),
        b("ぜひ一度お話を伺いたいのですが、来週の火曜日か水曜日の午後はご都合いかがでしょうか。"),
        w("水曜日の15時以降でしたら大丈夫です。"),
        b(
          "では水曜日の15時半に、ホテル1階のロビーでお待ちしております。履歴書と調理師免許のコピーをお持ちください。"
        ),
        w("承知いたしました。よろしくお願いいたします🙇‍♂️")
      ),
      on(
        141,
        "08:05",
        b("本日はお越しいただき、ありがとうございました。料理長も田中様の出汁の引き方に感心しておりました。"),
        w("こちらこそ、厨房まで見せていただき、ありがとうございました。とても勉強になりました。"),
        b("つきましては、来月から夜のシフト（16時〜24時）でお願いできないかと考えております。")
      ),
      on(
        139,
        "12:30",
        w(
          "大変ありがたいお話ですが、実はベルリンの店からも声をかけていただいており、家族とも相談した結果、そちらに行くことにいたしました。"
        ),
        w("ご期待に沿えず、申し訳ございません。"),
        b("そうでしたか。残念ではありますが、新しい場所でのご活躍を心よりお祈りしております🌸"),
        w("温かいお言葉、本当にありがとうございます。")
      )
    ]
  }
]

/** In English, with a hotel that writes Japanese to others. */
export const hotel: ReadonlyArray<Talk> = [
  {
    key: "sakura-priya",
    business: "sakura",
    worker: "priya",
    ends: "delivered",
    sittings: [
      on(
        21,
        "02:40",
        b(
          "Dear Ms. Sharma, thank you for applying for the night reception. Your reference from Jaipur is wonderful."
        ),
        w("Thank you so much, Ms. Sato! I have always wanted to work in Osaka."),
        b("May I ask about your Japanese?"),
        w("I passed JLPT N3 in July. 日本語を毎日勉強しています！"),
        b("すばらしいです！ That is quite enough for the night shift.")
      ),
      on(
        14,
        "03:15",
        b(
          "The visa papers take about eight weeks. Could you send us a copy of your passport by post, and the N3 certificate?"
        ),
        w("I will send both on Monday by registered mail. 📮"),
        w("Done! The tracking number is EE 042 913 775 IN."),
        b("Thank you, we will watch for it.")
      ),
      lately(
        310,
        b("Good news: the certificate of eligibility was granted this morning! 🎉"),
        b("Could you start on 1 February? We have a room for you in the staff house, ten minutes on foot.")
      )
    ]
  }
]
