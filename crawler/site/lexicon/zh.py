"""Chinese in simplified characters, and the same in traditional ones, which pages in Big5 are written in."""

from dataclasses import replace
from typing import Final

from crawler.site.lexicon.model import DECLARED, UNDECLARED, UTF_16BE, Charset, Language

TO_TRADITIONAL: Final = str.maketrans(
    "丝个为丽乐书买伞伦关写农剧医单卖厅厨历叶园图场头学实宽寻属岛师广张护报择条柠桥梦欢汉没浆测渔温灯点画盐码笔笼简"
    "篮纸结绸缝罗节苏装见觉记论词诗读谈贵赏车边达运进这远迟选邻酱针钟钢钥铜银锅镜长隐雾静风饪饭饺馆馒马鱼鸡麦黄里面盘么价优机气厂于",
    "絲個為麗樂書買傘倫關寫農劇醫單賣廳廚歷葉園圖場頭學實寬尋屬島師廣張護報擇條檸橋夢歡漢沒漿測漁溫燈點畫鹽碼筆籠簡"
    "籃紙結綢縫羅節蘇裝見覺記論詞詩讀談貴賞車邊達運進這遠遲選鄰醬針鐘鋼鑰銅銀鍋鏡長隱霧靜風飪飯餃館饅馬魚雞麥黃裡麵盤麼價優機氣廠於",
)

SIMPLIFIED: Final = Language(
    code="zh",
    tag="zh-Hans",
    unspaced=True,
    rare=UTF_16BE,
    charsets=(
        Charset("gb18030", "gb18030"),
        Charset("gbk", "gbk", (*DECLARED, UNDECLARED)),
        Charset("gb2312", "gb2312"),
        Charset("big5", "big5", lexicon="zh-hant"),
    ),
    words={
        "who": """
            老师 朋友 医生 学生 邻居 农民 画家 渔民 司机 工人 诗人 商人 警察 记者 护士 作家 厨师 木匠
            园丁 船长 裁缝 歌手 教授 旅客""",
        "place": """
            车站 市场 书房 厨房 花园 学校 公园 港口 画廊 广场 工厂 茶馆 剧院 医院 书店 餐厅 农场
            码头 河岸 山谷 海边 村子 大街 酒店""",
        "thing": """
            书 地图 雨伞 手表 椅子 报纸 照片 钥匙 马车 箱子 花瓶 词典 眼镜 毛毯 望远镜 钢琴 灯笼 篮子
            梯子 相机 大衣 吉他 本子 小提琴 罗盘""",
        "does": """
            买 卖 寻找 搬运 选择 忘记 修理 使用 整理 收集 保存 借用 描述 隐藏 欣赏 包装 测量""",
        "rests": """
            唱歌 休息 工作 散步 睡觉 等待 游泳 跳舞 读书 思考 聊天 写作 旅行 做梦""",
        "food": """
            米饭 豆腐 面条 鱼 蔬菜 水果 鸡蛋 面包 饺子 蛋糕 包子 粥 蜂蜜 南瓜 土豆 白菜 苹果 馒头 豆浆""",
        "with": """
            盐 糖 酱油 醋 姜 胡椒 大蒜 辣椒 柠檬 芝麻 黄油 香菜 花椒 桂皮""",
        "when": """
            今天 明天 昨天 早上 每天 春天 夏天 秋天 冬天 中午 周末 晚上 星期一 星期日 十月 明年 傍晚
            假期""",
        "weather": """
            下雨 下雪 刮风 打雷 起_雾 天晴 放晴 下_霜""",
        "goods": """
            大米 茶叶 小麦 羊毛 木材 铜 纸张 丝绸 咖啡 煤炭 棉花 珍珠 瓷器 琥珀 大豆 白银""",
        "adj": """
            古老 美丽 安静 昂贵 便宜 实用 罕见 著名 奇怪 漂亮 简单 重要 温暖 宽敞 结实 优雅 陌生""",
        "topic": """
            天气 火车 市场 书籍 烹饪 园林 港口 音乐 学校 地图 桥梁 季节 故事 历史 旅行 建筑 植物""",
        "city": """
            北京 上海 广州 成都 西安 南京 杭州 武汉 天津 苏州 昆明 青岛 巴黎 伦敦 罗马""",
    },
    sentences="""
        {who} 在 {place} {does} {thing} 。
        {when} ， {who} {does} {thing} 。
        去 {city} 的 火车 迟到 {n} 分钟 。
        {when} 常常 {weather} 。
        如果 {weather} ， {who} 在 {place} {rests} 。
        {goods} 的 价格 是 {n} 元 。
        把 {with} 和 {with} 放进 锅 里 ， 等 {n} 分钟 。
        {city} 的 书店 有 {n} 本 关于 {topic} 的 书 。
        {who} 为什么 {does} {thing} ？
        {city} 是 一个 {adj} 的 城市 。
        {who} 的 {food} 非常 有名 。
        {year} 年 ， {city} 的 {goods} 非常 便宜 。
        因为 {weather} ， 船 不去 {city} 。
        {when} 的 {food} 非常 好吃 。
        {who} 和 {who} 一起 {rests} 。
        没有 人 在 {place} {rests} 。
        {who} 非常 喜欢 {food} ， 也 喜欢 {food} 。
        这些 {thing} 非常 {adj} 。
        {hour} 点 ， {city} 的 火车 到达 车站 。
        {when} ， 大家 谈论 {topic} 和 {topic} 。
        {adj} 的 {thing} 属于 {who} 。""",
    labels="""
        {topic}
        {topic} 和 {topic}
        {city} 的 {topic}
        {adj} 的 {topic}
        {food} 和 {with}
        {goods} 的 价格
        {year} 年 的 {topic}
        {thing}
        {who} 的 {thing}
        {food}""",
    readings={
        "天气": "tiānqì", "火车": "huǒchē", "音乐": "yīnyuè", "历史": "lìshǐ", "学校": "xuéxiào",
        "地图": "dìtú", "老师": "lǎoshī", "朋友": "péngyou", "北京": "běijīng", "豆腐": "dòufu",
    },
)  # fmt: skip

TRADITIONAL: Final = replace(
    SIMPLIFIED,
    code="zh-hant",
    tag="zh-Hant",
    words={slot: entries.translate(TO_TRADITIONAL) for slot, entries in SIMPLIFIED.words.items()},
    sentences=SIMPLIFIED.sentences.translate(TO_TRADITIONAL),
    labels=SIMPLIFIED.labels.translate(TO_TRADITIONAL),
    readings={word.translate(TO_TRADITIONAL): reading for word, reading in SIMPLIFIED.readings.items()},
)
