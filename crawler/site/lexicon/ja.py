"""Japanese; words are those that ICU's dictionary cuts, so particles and verb endings stand alone."""

from typing import Final

from crawler.site.lexicon.model import DECLARED, UNDECLARED, UTF_16LE, Charset, Language

JAPANESE: Final = Language(
    code="ja",
    tag="ja",
    unspaced=True,
    rare=UTF_16LE,
    charsets=(
        Charset("shift_jis", "cp932", (*DECLARED, UNDECLARED)),
        Charset("euc-jp", "euc_jp", (*DECLARED, UNDECLARED)),
        Charset("iso-2022-jp", "iso2022_jp"),
    ),
    words={
        "who": """
            先生 友達 医者 学生 子供 祖母 農家 画家 店員 漁師 警官 兄 妹 旅人 社長 詩人 大工 作家 隣人
            歌手 司書 庭師 職人 船長 看護_師 料理_人 パン_屋""",
        "place": """
            駅 市場 図書館 台所 庭 学校 港 公園 橋 川 山 海岸 広場 美術館 工場 喫茶店 劇場 温泉 神社
            病院 本屋 食堂 農園 ホテル レストラン デパート""",
        "thing": """
            本 手紙 地図 傘 時計 椅子 新聞 写真 鍵 自転車 鞄 箱 花瓶 絵 切符 眼鏡 ノート ピアノ カメラ
            ランプ ギター バイオリン コンパス カレンダー 毛布 辞書 望遠鏡""",
        "does": """
            買い 売り 運び 選び 忘れ 直し 使い 届け 集め 持ち 隠し 借り 返し 磨き""",
        "rests": """
            休み 働き 歩き 笑い 眠り 待ち 遊び 泳ぎ 踊り 考え 黙り 急ぎ""",
        "food": """
            ご飯 味噌汁 豆腐 魚 野菜 果物 卵 パン スープ サラダ カレー ケーキ チーズ うどん そば 蜂蜜
            大根 林檎 ジャム シチュー 漬物""",
        "with": """
            塩 砂糖 醤油 酢 生姜 胡椒 バター 味噌 レモン 油 ニンニク 胡麻 ハーブ 唐辛子""",
        "when": """
            今日 明日 昨日 今朝 毎日 春 夏 秋 冬 正午 週末 夕方 月曜日 日曜日 十月 来年 夜明け 休日""",
        "weather": """
            雨 雪 風 霧 雷 台風 夕立 霜 吹雪 日差し 虹 雲""",
        "goods": """
            米 茶 小麦 羊毛 木材 銅 紙 絹 コーヒー 石炭 綿 真珠 陶器 琥珀 大豆""",
        "adj": """
            古い 新しい 小さい 大きい 美しい 静か_な 高い 安い 重い 便利_な 珍しい 有名_な 不思議_な
            軽い 丈夫_な 奇妙_な 優雅_な""",
        "topic": """
            天気 電車 市場 本 料理 庭園 港 音楽 学校 地図 橋 季節 物語 歴史 旅行 建築 植物""",
        "city": """
            東京 大阪 京都 札幌 福岡 横浜 神戸 広島 仙台 長崎 金沢 奈良 松山 熊本 ロンドン パリ ローマ""",
    },
    sentences="""
        {who} は {place} で {thing} を {does} ます 。
        {when} 、 {who} は {thing} を {does} ます 。
        {city} 行き の 電車 は {n} 分 遅れ ます 。
        {weather} の 日 に は 、 {who} は {place} で {rests} ます 。
        {when} は {weather} が 多い です 。
        {goods} の 値段 は {n} 円 に なり ます 。
        {food} に {with} を 入れ て 、 {n} 分 待ち ます 。
        {city} の 図書館 に は {topic} の 本 が {n} 冊 あり ます 。
        {who} は なぜ {thing} を {does} ます か ？
        この {thing} は とても {adj} もの です 。
        {who} が 作る {food} は 有名 です 。
        {year} 年 の {city} は {goods} の 町 です 。
        {city} は {adj} 町 です 。
        {weather} の ため 、 船 は {city} の 港 で 休み ます 。
        {when} に は {food} が とても おいしい です 。
        {who} と {who} は {place} で {rests} ます 。
        {adj} {thing} を {who} に {does} ます 。
        {n} 番線 、 {city} から の 電車 は {hour} 時 です 。
        {food} と {food} を 買い ます 。
        誰 が {place} で {rests} ます か 。
        {topic} と {topic} の 話 を 読み ます 。""",
    labels="""
        {topic}
        {topic} の 話
        {city} の {topic}
        {adj} {topic}
        {food} と {with}
        {goods} の 値段
        {year} 年 の {topic}
        {thing}
        {who} の {thing}
        {food}""",
    readings={
        "天気": "てんき", "電車": "でんしゃ", "料理": "りょうり", "音楽": "おんがく", "季節": "きせつ",
        "歴史": "れきし", "旅行": "りょこう", "図書館": "としょかん", "市場": "いちば", "先生": "せんせい",
        "友達": "ともだち", "新聞": "しんぶん", "手紙": "てがみ", "地図": "ちず", "時計": "とけい",
        "野菜": "やさい", "京都": "きょうと", "大阪": "おおさか", "学校": "がっこう", "公園": "こうえん",
    },
)  # fmt: skip
