"""Two paragraphs in each language that old encodings were made for, written for these tests."""

PARAGRAPHS = {
    "ja": (
        "私は昨日、東京の図書館で新しい本を三冊借りました。天気がとても良かったので、公園を散歩しながら読みました。",
        "駅前のパン屋さんでコーヒーとサンドイッチを買い、ベンチに座って空を眺めていると、子どもたちの笑い声が聞こえてきました。",
    ),
    "zh-cn": (
        "昨天我在图书馆借了三本新书，天气很好，所以我一边在公园散步一边看书。这座城市的春天总是很短，但是非常美丽。",
        "我们在车站前面的面包店买了咖啡和三明治，坐在长椅上看天空，听见孩子们的笑声从远处传来。",
    ),
    "zh-tw": (
        "昨天我在圖書館借了三本新書，天氣很好，所以我一邊在公園散步一邊看書。這座城市的春天總是很短，但是非常美麗。",
        "我們在車站前面的麵包店買了咖啡和三明治，坐在長椅上看天空，聽見孩子們的笑聲從遠處傳來。",
    ),
    "ko": (
        "어제 나는 도서관에서 새 책을 세 권 빌렸습니다. 날씨가 아주 좋아서 공원을 산책하면서 읽었습니다.",
        "역 앞 빵집에서 커피와 샌드위치를 사서 벤치에 앉아 하늘을 바라보고 있으니 아이들의 웃음소리가 들려왔습니다.",
    ),
    "ru": (
        "Вчера я взял в библиотеке три новые книги. Погода была очень хорошая, и я читал их, гуляя по парку.",
        "В булочной у вокзала мы купили кофе и бутерброды, сели на скамейку и смотрели на небо, слушая смех детей.",
    ),
    "ar": (
        "استعرت أمس ثلاثة كتب جديدة من المكتبة العامة، وكان الطقس جميلا جدا فقرأتها وأنا أتمشى في الحديقة.",
        "اشترينا القهوة والخبز من المخبز القريب من المحطة وجلسنا على المقعد ننظر إلى السماء ونسمع ضحك الأطفال.",
    ),
    "th": (
        "เมื่อวานนี้ฉันยืมหนังสือใหม่สามเล่มจากห้องสมุด อากาศดีมาก ฉันจึงอ่านหนังสือขณะเดินเล่นในสวนสาธารณะ",
        "เราซื้อกาแฟและขนมปังจากร้านหน้าสถานีรถไฟ แล้วนั่งบนม้านั่งมองท้องฟ้า ได้ยินเสียงหัวเราะของเด็ก",
    ),
    "el": (
        (
            "Χθες δανείστηκα τρία καινούργια βιβλία από τη βιβλιοθήκη. Ο "
            "καιρός ήταν πολύ καλός και τα διάβασα στο πάρκο."
        ),
        "Αγοράσαμε καφέ και ψωμί από τον φούρνο δίπλα στον σταθμό και καθίσαμε στο παγκάκι κοιτάζοντας τον ουρανό.",
    ),
    "he": (
        "אתמול שאלתי שלושה ספרים חדשים מהספרייה. מזג האוויר היה נעים מאוד ולכן קראתי אותם בזמן שטיילתי בפארק.",
        "קנינו קפה ולחם במאפייה שליד התחנה, ישבנו על הספסל, הסתכלנו על השמיים ושמענו את צחוק הילדים.",
    ),
    "tr": (
        "Dün kütüphaneden üç yeni kitap ödünç aldım. Hava çok güzeldi, bu yüzden parkta yürürken onları okudum.",
        (
            "İstasyonun önündeki fırından kahve ve ekmek aldık, bankta oturup "
            "gökyüzüne baktık, çocukların gülüşünü duyduk."
        ),
    ),
    "pl": (
        (
            "Wczoraj pożyczyłem z biblioteki trzy nowe książki. Pogoda była "
            "bardzo ładna, więc czytałem je, chodząc po parku."
        ),
        (
            "Kupiliśmy kawę i świeże bułki w piekarni koło dworca, usiedliśmy na "
            "ławce i słyszeliśmy śmiech dzieci, więc było miło."
        ),
    ),
    "fr": (
        (
            "Hier, j'ai emprunté trois nouveaux livres à la bibliothèque. Le "
            "temps était très agréable, alors je les ai lus au parc."
        ),
        (
            "Nous avons acheté du café à la boulangerie près de la gare, et nous "
            "avons écouté les enfants jouer là-bas, déjà fatigués."
        ),
    ),
    "de": (
        (
            "Gestern habe ich drei neue Bücher aus der Bücherei ausgeliehen. "
            "Das Wetter war schön, also las ich sie im Grünen."
        ),
        (
            "Wir kauften Kaffee und Brötchen beim Bäcker am Bahnhof, saßen auf der "
            "Bank und hörten die fröhlichen Kinder größer werden."
        ),
    ),
}

# The Encoding Standard's name, the language, and Python's name of a codec that writes it.
ENCODINGS = (
    ("shift_jis", "ja", "cp932"),
    ("euc-jp", "ja", "euc_jp"),
    ("iso-2022-jp", "ja", "iso2022_jp"),
    ("gb18030", "zh-cn", "gb18030"),
    ("gbk", "zh-cn", "gbk"),
    ("big5", "zh-tw", "big5"),
    ("euc-kr", "ko", "cp949"),
    ("windows-1251", "ru", "cp1251"),
    ("koi8-r", "ru", "koi8_r"),
    ("iso-8859-5", "ru", "iso8859_5"),
    ("ibm866", "ru", "cp866"),
    ("windows-1256", "ar", "cp1256"),
    ("iso-8859-6", "ar", "iso8859_6"),
    ("windows-874", "th", "cp874"),
    ("windows-1253", "el", "cp1253"),
    ("windows-1255", "he", "cp1255"),
    ("windows-1254", "tr", "cp1254"),
    ("windows-1250", "pl", "cp1250"),
    ("iso-8859-2", "pl", "iso8859_2"),
    ("windows-1252", "fr", "cp1252"),
    ("windows-1252", "de", "cp1252"),
    ("utf-8", "ja", "utf-8"),
    ("utf-8", "fr", "utf-8"),
)


def page(language: str, head: str = "") -> str:
    """A small page in that language; the characters of Arabic that ISO-8859-6 lacks are left out."""
    body = "".join(f"<p>{paragraph}</p>\n" for paragraph in PARAGRAPHS[language])
    return f"<!DOCTYPE html>\n<html><head>{head}<title>Title</title></head><body>\n{body}</body></html>\n"
