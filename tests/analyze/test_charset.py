"""Which encoding a page is in: every legacy encoding under every way to declare it, or not to."""

import time

import pytest

from crawler.analyze.charset import MAX_DETECT_BYTES, to_text
from crawler.analyze.declaration import in_content_type, in_page, name_of
from tests.analyze.samples import ENCODINGS, page

LEGACY = [each for each in ENCODINGS if each[0] != "utf-8"]
# Names under which the same letters are at the same bytes.
SAME = {"gbk": "gb18030", "koi8-u": "koi8-r"}
NOT_LATIN = {"ja", "zh-cn", "zh-tw", "ko", "ru", "ar", "el", "he"}
META = '<meta charset="{}">'
HTTP_EQUIV = "<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset={}'>"


def same(name: str) -> str:
    return SAME.get(name, name)


@pytest.mark.parametrize(("name", "language", "codec"), ENCODINGS)
@pytest.mark.parametrize(
    ("head", "header"),
    [
        ("", "text/html; charset={}"),
        (META, None),
        (META, "text/html"),
        (HTTP_EQUIV, None),
        ("<!-- <meta charset=x-nothing> --><meta name=a content='charset=x'>" + META, None),
        ("<script>" + "x" * 5_000 + "</script>" + META, None),
    ],
)
def test_declared(name: str, language: str, codec: str, head: str, header: str | None) -> None:
    text = page(language, head.format(name))
    assert to_text(text.encode(codec), header and header.format(name)) == (text, name)


@pytest.mark.parametrize(("name", "language", "codec"), ENCODINGS)
@pytest.mark.parametrize(
    ("head", "header"),
    [("", None), ("", "text/html"), (META.format("utf-8"), None), ("", "text/html; charset=utf-8")],
)
def test_undeclared_or_wrongly_called_utf_8(
    name: str, language: str, codec: str, head: str, header: str | None
) -> None:
    text = page(language, head)
    found, charset = to_text(text.encode(codec), header)
    assert (found, same(charset)) == (text, same(name))


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252", "shift_jis", "windows-1251", "utf-16"])
@pytest.mark.parametrize("language", ["ja", "fr", "ru"])
def test_utf_8_is_known_whatever_it_is_called(declared: str, language: str) -> None:
    text = page(language, META.format(declared))
    assert to_text(text.encode(), f"text/html; charset={declared}") == (text, "utf-8")


@pytest.mark.parametrize(("name", "language", "codec"), [each for each in LEGACY if each[1] in NOT_LATIN])
def test_other_scripts_served_as_latin_1_are_known(name: str, language: str, codec: str) -> None:
    text = page(language)
    found, charset = to_text(text.encode(codec), "text/html; charset=ISO-8859-1")
    assert (found, same(charset)) == (text, same(name))


def test_the_header_goes_before_the_page() -> None:
    text = page("ru", META.format("koi8-r"))
    assert to_text(text.encode("cp1251"), "text/html; charset=windows-1251") == (text, "windows-1251")


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("language", ["ja", "fr"])
def test_a_byte_order_mark_goes_before_everything(codec: str, language: str) -> None:
    text = page(language, META.format("shift_jis"))
    name = {"utf-8-sig": "utf-8", "utf-16": "utf-16le"}[codec]
    assert to_text(text.encode(codec), "text/html; charset=windows-1252") == (text, name)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("named", [True, False])
def test_utf_16_without_a_mark(codec: str, *, named: bool) -> None:
    text = page("ja")
    header = f"text/html; charset={codec.replace('-le', 'le').replace('-be', 'be')}" if named else None
    assert to_text(text.encode(codec), header) == (text, codec.replace("-le", "le").replace("-be", "be"))


def test_utf_16_is_not_believed_of_ascii() -> None:
    assert to_text(b"<p>plain</p>", "text/html; charset=utf-16") == ("<p>plain</p>", "utf-8")


def test_utf_8_with_a_few_broken_characters_stays_utf_8() -> None:
    body = page("ja", META.format("shift_jis")).encode()
    text, charset = to_text(body.replace("日".encode(), b"\xe6\x97", 1), "text/html; charset=iso-8859-1")
    assert charset == "utf-8"
    assert text.count("\ufffd") == 1


@pytest.mark.parametrize(("name", "language", "codec"), [each for each in LEGACY if each[1] in {"ja", "ko"}])
def test_a_declared_encoding_with_a_broken_character_stays(name: str, language: str, codec: str) -> None:
    body = page(language, META.format(name)).encode(codec) + b"\xff"
    text, charset = to_text(body, None)
    if name != "iso-2022-jp":
        assert (charset, text.count("\ufffd")) == (name, 1)


@pytest.mark.parametrize(
    ("label", "language", "codec", "data", "text"),
    [
        ("euc-jp", "ja", "euc_jp", b"\xad\xa1\xad\xb5\xad\xd1", "①Ⅰ㎝"),
        ("shift_jis", "ja", "cp932", b"\x87\x40\x81\x60\xfa\x40", "①～ⅰ"),
        ("gb2312", "zh-cn", "gb18030", b"\x80\xa6\xd9", "€︐"),
        ("big5", "zh-tw", "big5", b"\xc6\xe7\x87\x40", "ぁ䏰"),
        ("koi8-u", "ru", "koi8_r", b"\xae\xbe", "ўЎ"),
        ("windows-1252", "de", "cp1252", b"\x80\x93\x94", "€“”"),
        ("latin1", "de", "cp1252", b"\x80", "€"),
        ("tis-620", "th", "cp874", b"\x80", "€"),
    ],
)
def test_what_is_in_the_standard_and_in_no_codec_of_that_name(
    label: str, language: str, codec: str, data: bytes, text: str
) -> None:
    body = page(language).encode(codec) + data
    assert to_text(body, f"text/html; charset={label}")[0].endswith(text)


@pytest.mark.parametrize("label", ["hz-gb-2312", "iso-2022-kr", "utf-7", "none", ""])
def test_labels_that_mean_nothing_are_passed_over(label: str) -> None:
    text = page("ru", META.format(label))
    assert to_text(text.encode("cp1251"), f"text/html; charset={label}") == (text, "windows-1251")


def test_the_detector_sees_text_that_comes_late() -> None:
    text = page("ja", "<script>" + "x" * 200_000 + "</script>")
    assert to_text(text.encode("euc_jp"), None) == (text, "euc-jp")


def test_the_detector_is_not_given_half_a_character() -> None:
    many = page("zh-cn") * (2 * MAX_DETECT_BYTES // len(page("zh-cn").encode("gb18030")))
    for shift in range(0, 300, 7):
        text = "<p>新" + "x" * shift + many
        assert to_text(text.encode("gb18030"), None)[0] == text


def test_the_detector_has_a_name_of_its_own_for_utf_8_behind_a_mark() -> None:
    body = b"x" + b"\xef\xbb\xbf\x841\xa47" * 14
    assert to_text(body, None) == (body.decode("utf-8", "replace"), "utf-8")


def test_the_detector_does_without_any_tag() -> None:
    text = "Вчера я взял в библиотеке три новые книги. " * 3_000
    assert to_text(text.encode("cp1251"), "text/plain") == (text, "windows-1251")


def test_the_detector_does_not_believe_a_declaration_that_failed() -> None:
    text = page("ja").replace("Title</title>", "図書館のお知らせ</title><meta charset=utf-8>")
    assert to_text(text.encode("euc_jp"), None) == (text, "euc-jp")


def test_a_few_odd_bytes_are_no_evidence_against_latin_1() -> None:
    body = b"<p>hei\xdft, die Server, die eine Gruppe von Quellpaketen beherbergen).\n"
    assert to_text(body, "text/html; charset=iso-8859-1")[1] == "windows-1252"


def test_ascii_is_utf_8() -> None:
    assert to_text(b"<p>plain</p>", "text/html; charset=windows-1251") == ("<p>plain</p>", "utf-8")
    assert to_text(b"", None) == ("", "utf-8")


def test_an_escape_sequence_alone_is_not_japanese() -> None:
    assert to_text(b"<pre>\x1b(0lqk\x1b(B \x1b$</pre>", None)[1] == "utf-8"


@pytest.mark.parametrize(
    ("markup", "name"),
    [
        (b"<meta charset=Shift_JIS>", "shift_jis"),
        (b"<meta charset = 'EUC-JP' />", "euc-jp"),
        (b"<META/CHARSET=gb2312>", "gbk"),
        (b"<meta charset=utf-16be>", "utf-8"),
        (b"<meta charset=x-user-defined>", "windows-1252"),
        (b"<meta charset=nonsense><meta charset=koi8-r>", "koi8-r"),
        (b'<?xml version="1.0" encoding="Shift_JIS"?><html>', "shift_jis"),
        (b'<meta content="text/html; charset=big5">', None),
        (b"<metadata charset=big5>", None),
        (b"<!-- <meta charset=big5>", None),
        (b"<meta charset", None),
        (b"", None),
    ],
)
def test_what_a_page_declares(markup: bytes, name: str | None) -> None:
    assert in_page(markup) == name


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("text/html; charset=UTF-8", "utf-8"),
        ('text/html;charset="Windows-31J"', "shift_jis"),
        ("text/html; charset='ISO-8859-1'; x=y", "windows-1252"),
        ("text/html; charset=", None),
        ("text/html; charset=bogus", None),
        ("text/html", None),
        (None, None),
    ],
)
def test_what_a_header_declares(value: str | None, name: str | None) -> None:
    assert in_content_type(value) == name


def test_labels_are_the_standards() -> None:
    assert name_of(" X-SJIS\t") == "shift_jis"
    assert name_of("utf-7") is None


@pytest.mark.parametrize(
    "unit", [b"<!--", b"<meta ", b"<meta a" + b" " * 500, b"<?xml ", b"charset ", b"\xff", b"\x81", b"\x1b$", b"<\0"]
)
def test_no_bytes_take_long(unit: bytes) -> None:
    body = b"\xe9" + unit * (2_000_000 // len(unit))
    start = time.process_time()
    to_text(body, "text/html; charset=shift_jis")
    assert time.process_time() - start < 2
