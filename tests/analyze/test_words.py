"""Words: the rule in examples, and the short cuts against the rule written plainly."""

import re
import subprocess
import sys
import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.analyze import scripts
from crawler.analyze.segment import MAX_CHARS, segment
from crawler.analyze.words import MAX_WORD_CHARS, count_words

MARKS = scripts.marks()


def every_character() -> list[str]:
    return [chr(code) for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF]


def plainly(text: str) -> Counter[str]:
    """The rule as `words` documents it, without its short cuts."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    visible = re.sub(f"[{scripts.INVISIBLE}]", "", folded)
    normal = unicodedata.normalize("NFKC", visible)
    normal = normal.replace("\u0e4d\u0e32", "\u0e33").replace("\u0ecd\u0eb2", "\u0eb3")
    found: list[str] = []
    for run in re.split(f"([{scripts.UNSPACED}]+)", normal):
        if re.match(f"[{scripts.UNSPACED}]", run):
            found += [each for each in segment([run]) if re.search(r"\w", each)]
        else:
            found += re.findall(rf"\w[\w{MARKS}]*", run)
    return Counter(word for word in found if len(word) <= MAX_WORD_CHARS)


def counted(text: str) -> dict[str, int]:
    return count_words(text, segment)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The cat, the CAT; a_b 3.5 don't", "the cat the cat a_b 3 5 don t"),
        ("Straße STRASSE", "strasse strasse"),
        ("Ｆｕｌｌ ﬁne ²", "full fine 2"),
        ("caf\u00e9 cafe\u0301", "café café"),
        ("“quoted” – dash… naïve", "quoted dash naïve"),
        ("naïve → Łódź", "naïve łódź"),
        ("co\u00adop\u2060er\ufeffate", "cooperate"),
        ("two\u200bwords", "two words"),
        ("می\u200cخواهم", "میخواهم"),
        ("left\u200eright", "leftright"),
        ("葛\U000e0100飾", "葛飾"),
        ("Привет, МИР!", "привет мир"),
        ("हिन्दी में", "हिन्दी में"),
        ("İstanbul", "i̇stanbul"),
        ("ΣΊΣΥΦΟΣ σίσυφος", "σίσυφοσ σίσυφοσ"),
        ("ΐα ᾳ", "ΐα αι"),
        ("안녕하세요 세계", "안녕하세요 세계"),
        ("2026年3月", "2026 年 3 月"),
        ("Tシャツ", "t シャツ"),
        ("私は東京の図書館で本を借りました。", "私 は 東京 の 図書館 で 本 を 借り ま した"),
        ("ｶﾀｶﾅ・ｺｰﾋｰ", "カタカナ コーヒー"),
        ("時々、〆切", "時々 〆 切"),
        ("𠮷野家", "𠮷 野家"),
        ("𠀋𠮟", "𠀋 𠮟"),
        ("あ\u3099い", "あ\u3099 い"),
        ("我们在图书馆", "我们 在 图书 馆"),
        ("สวัสดีชาวโลก", "สวัสดี ชาว โลก"),
        ("น้ำทำงาน", "น้ำ ทำงาน"),
        ("ภาษาไทย123๔๕", "ภาษา ไทย 123๔๕"),
        ("ພາສາລາວ", "ພາສາ ລາວ"),
        ("សួស្តី", "សួស្តី"),
        ("မြန်မာ", "မြန်မာ"),
        ("…—•✓ 😀 ・、。「」", ""),
        ("\u0e31", ""),
        ("\u0301x", "x"),
        ("", ""),
    ],
)
def test_examples(text: str, words: str) -> None:
    assert counted(text) == Counter(words.split())
    assert plainly(text) == Counter(words.split())


ALPHABETS = (
    "aZ_9 .,-'\n",
    "aÀéß\u00aa\u00b5½ \u2019“…→\u00ad\u200b\u0160ƒˆ˜\x85",
    "aЖж\u0301ύΣς \u200d\ufe0f",
    "漢字かなカナｶﾞーの。、・1a \u3099\U00020bb7\U000e0100",
    "ไทยภาษา๑ລາວខ្មែរမြန် a",
    "हिन्दीকখ\u200c\u200dعَربي ",
)
sampled = st.one_of(*(st.text(st.sampled_from(alphabet), max_size=40) for alphabet in ALPHABETS))


@given(st.one_of(sampled, st.text(max_size=40), st.text(st.characters(codec="cp1252"), max_size=40)))
def test_the_short_cuts_follow_the_rule(text: str) -> None:
    assert counted(text) == plainly(text)


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_is_what_the_expression_finds(text: str) -> None:
    assert counted(text) == Counter(re.findall(r"\w+", text.lower()))


@given(sampled, sampled)
def test_texts_side_by_side_add_up(one: str, other: str) -> None:
    assert counted(f"{one}\n.\n{other}") == Counter(counted(one)) + Counter(counted(other))


@pytest.mark.parametrize("run", ["ーの字カ", "ーー字", "々の字", "\u3099の字", "ゝの字", "ー"])
def test_the_first_text_of_a_process_is_cut_as_all_that_follow(run: str) -> None:
    script = (
        "import sys; from crawler.analyze.segment import segment\n"
        "first = segment([sys.argv[1]]); segment(['かな', 'ไทย']); assert first == segment([sys.argv[1]]), first"
    )
    done = subprocess.run([sys.executable, "-c", script, run], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@given(st.one_of(sampled, st.text(max_size=40)))
def test_what_is_counted_can_be_packed_and_is_a_word(text: str) -> None:
    for word in counted(text):
        assert word.encode()
        assert re.search(r"\w", word)
        assert not re.search(r"\s", word)


def is_a_cell(word: str) -> bool:
    """Whether it is letters, digits, _ and marks alone, so that it needs no quotes in CSV, and is no formula.

    Formulas begin with `=`, `+`, `-`, `@`, a tab or a line end (OWASP, CSV injection).
    """
    inner = (each.isalnum() or each == "_" or unicodedata.category(each) in {"Mn", "Mc"} for each in word)
    return (word[0].isalnum() or word[0] == "_") and all(inner)


FORMULAS = (
    "=+-@|\t\r\n\",;'\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b\u2212\u207a\u208c\u2a74 aß\u0301\u00ad漢字ไ"
)


@given(st.one_of(sampled, st.text(max_size=40), st.text(FORMULAS, max_size=40)))
def test_no_word_is_a_formula_or_breaks_a_line_of_the_list(text: str) -> None:
    assert all(map(is_a_cell, counted(text)))


def test_no_character_becomes_a_formula_by_normalisation() -> None:
    words = counted("\n=".join(every_character()))
    assert len(words) > 100_000
    assert [word for word in words if not is_a_cell(word)] == []


def test_every_character_is_sorted_right() -> None:
    western = re.compile(f"[{scripts.WESTERN}]")
    unspaced = re.compile(f"[{scripts.UNSPACED}]")
    invisible = re.compile(f"[{scripts.INVISIBLE}]")
    mark = re.compile(f"[{MARKS}]")
    for each in every_character():
        if western.match(each):
            assert not unspaced.match(each)
            assert not invisible.match(each)
            assert not mark.match(each)
            if each.encode("cp1252", "replace") == b"?":
                assert not each.isalnum()
        if unspaced.match(each):
            assert each.isalnum() or mark.match(each) or unicodedata.category(each) == "Cn"
            assert not each.isdecimal()
        if mark.match(each):
            assert unicodedata.category(each) in {"Mn", "Mc"}


@pytest.mark.parametrize("run", ["東京都の図書館", "ภาษาไทย", "ភាសាខ្មែរ"])
def test_a_run_is_cut_as_if_it_stood_alone(run: str) -> None:
    alone = list(segment([run]))
    together = [each for each in segment([run] * 50) if each != "\n"]
    assert together == alone * 50


def test_long_runs_are_cut_in_parts_and_nothing_is_lost() -> None:
    runs = ["本" * (2 * MAX_CHARS + 5), "東京", "本" * MAX_CHARS, "の"]
    assert "".join(segment(runs)).replace("\n", "") == "".join(runs)


def test_runs_on_either_side_of_a_part_stay_apart() -> None:
    assert Counter(segment(["東", "京"] * MAX_CHARS)) - Counter({"\n": 3 * MAX_CHARS}) == {
        "東": MAX_CHARS,
        "京": MAX_CHARS,
    }


def test_parts_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []

    def record(text: str, _locale: str) -> list[str]:
        sizes.append(len(text))
        return [text]

    monkeypatch.setattr("crawler.analyze.segment.WordBreaker", record)
    assert "".join(segment(["本"] * (3 * MAX_CHARS))).count("本") == 3 * MAX_CHARS
    assert max(sizes) < 2 * MAX_CHARS


def test_no_runs() -> None:
    assert list(segment([])) == []


def test_a_word_of_absurd_length_is_not_counted() -> None:
    assert counted(f"{'x' * MAX_WORD_CHARS} {'y' * (MAX_WORD_CHARS + 1)} ok") == {"x" * MAX_WORD_CHARS: 1, "ok": 1}
