"""Korean; particles are part of the word, so each slot holds nouns with the particle their sentences ask for."""

from typing import Final

from crawler.site.lexicon.model import DECLARED, UNDECLARED, UTF_16LE, Charset, Language

KOREAN: Final = Language(
    code="ko",
    tag="ko",
    rare=UTF_16LE,
    charsets=(Charset("euc-kr", "euc-kr", (*DECLARED, UNDECLARED)),),
    words={
        "who": """
            선생님은 의사는 이웃은 할머니는 학생은 기관사는 정원사는 어부는 화가는 우체부는 사서는
            여행자는 목수는 시장은 요리사는 젊은_시인은 시계공은 통역사는 등대지기는""",
        "place": """
            시장에서 도서관에서 역에서 부엌에서 강가에서 정원에서 학교_뒤에서 항구에서 다리_위에서
            박물관에서 나무_아래에서 카페에서 광장에서 골짜기에서 승강장에서 작업실에서 극장_앞에서
            호숫가에서""",
        "thing": """
            책을 지도를 등불을 편지를 바구니를 우산을 시계를 의자를 신문을 바이올린을 열쇠를 자전거를
            외투를 사다리를 사진을 상자를 망원경을 공책을 나침반을 담요를 찻주전자를 종이배를""",
        "does": """
            찾습니다 삽니다 팝니다 나릅니다 보여_줍니다 간직합니다 고릅니다 가져옵니다 잊어버립니다
            고칩니다 그립니다 돌려줍니다 숨깁니다 빌립니다 닦습니다""",
        "rests": """
            기다립니다 노래합니다 잠을_잡니다 책을_읽습니다 일합니다 웃습니다 걷습니다 글을_씁니다
            꿈을_꿉니다 춤을_춥니다 쉽니다 여행합니다 망설입니다""",
        "food": """
            국수를 밥을 국을 두부를 빵을 생선을 만두를 죽을 떡을 나물을 호박전을 김밥을 된장찌개를
            잡채를 감자조림을 수정과를""",
        "with": """
            소금 간장 마늘 참기름 고추 식초 생강 후추 파 깨소금 설탕 꿀 들기름 계피""",
        "when": """
            오늘 내일 아침에 날마다 월요일에 봄에 정오에 어젯밤에 시월에 새벽에 일요일마다 점심_뒤에
            겨울에 한밤중에 가을에 방학_동안""",
        "weather": """
            비가_옵니다 해가_납니다 바람이_찹니다 눈이_내립니다 안개가_짙습니다 하늘이_맑습니다
            날이_따뜻합니다 구름이_낮습니다 서리가_내립니다 천둥이_칩니다 무지개가_뜹니다""",
        "goods": """
            밀 커피 양털 목재 구리 차 설탕 종이 소금 목화 보리 비단 꿀 주석 호두 호박""",
        "adj": """
            새롭습니다 오래되었습니다 작습니다 큽니다 쓸모_있습니다 조용합니다 비쌉니다 무겁습니다
            아름답습니다 간단합니다 드뭅니다 유명합니다 이상합니다 우아합니다""",
        "topic": """
            날씨 기차 시장 책 요리 정원 항구 음악 학교 지도 다리 겨울 조리법 시간표 옛이야기 손재주""",
    },
    sentences="""
        {who} {place} {thing} {does}.
        {when} {who} {thing} {does}, 그러나 아무도 놀라지 않습니다.
        {name} 방면 열차는 {n:분} 늦게 도착합니다.
        {weather}, 그래서 {who} {place} {rests}.
        {when} {who} {place} {rests}.
        {goods} 값이 {n:원까지} 올랐습니다.
        {food} 만들 때는 {with} 조금, {with} 한 숟갈을 넣고 {n:분} 기다립니다.
        {name} 도서관에는 책이 {n:권} 있습니다.
        {who} 언제나 {thing} {does}.
        {name} 거리는 {adj}.
        {who} {place} {food} 만듭니다.
        {year:년에는} {place} {goods} 장사가 잘되었습니다.
        {name} 마을의 {topic} 소식은 {adj}.
        {who} {food} 먹고 나서 {rests}.
        {who} 말없이 {thing} {does}.
        {when} {weather}.
        {who} {when} {goods} 가게에 들릅니다!
        {n:번} 승강장: {name} 열차가 {hour:시에} 들어옵니다.
        {topic} 이야기와 {topic} 이야기는 {adj}.
        아무도 모르게 {who} {place} {rests}.""",
    labels="""
        {topic}
        {topic} 이야기
        {topic} 그리고 {topic}
        {goods}
        {goods} 가게
        {name}
        {name} 소식
        {year:년의} {topic}
        {with}""",
    names=(
        "가람 노을 다솔 마루 무지 별빛 산들 새벽 솔내 여울 이슬 푸른 하늘 한결 햇살 흰돌",
        "골 내 들 리 마을 뫼 벌 섬 재 터 포 읍",
    ),
)
