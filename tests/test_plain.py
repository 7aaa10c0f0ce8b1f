"""Text made fit to be looked at: what is harmful shows, and what scripts need stays."""

import json
import unicodedata

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.plain import tidy, visible, visible_json
from crawler.urls import NotCrawlable, join, parse

NEEDED = "日本語 e\u0301 فارسی\u200cها 👩\u200d💻 \u200fעברית\u200e नमस्ते สวัสดี a\u00adb"
HARMFUL = "\0\x1b\x7f\x85\x9b\u2028\u202e\u2066\ufeff\ud800"
TEXTS = st.text(st.characters(exclude_categories=())) | st.text(f"{HARMFUL}a日\\ ")


def is_harmless(text: str) -> bool:
    """By Unicode's own tables: no control, no line end, no embedding, override or isolate, nothing unwritable."""
    turns = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    return not any(
        unicodedata.category(each) in {"Cc", "Zl", "Zp", "Cs"} or unicodedata.bidirectional(each) in turns
        for each in text
    )


@given(TEXTS)
def test_what_is_shown_is_harmless_and_one_line(text: str) -> None:
    assert is_harmless(visible(text))
    assert is_harmless(tidy(text))
    assert len(visible(text).splitlines()) <= 1


@given(st.text(st.characters(exclude_categories=["Cs"])))
@example("\x7f")
@example('\\\x9b"\u2028\U000e0001')
def test_json_says_the_same_and_is_harmless(text: str) -> None:
    encoded = visible_json(msgspec.json.encode({text: [text]}))
    assert json.loads(encoded) == msgspec.json.decode(encoded) == {text: [text]}
    assert is_harmless(encoded.decode())


def test_what_scripts_need_stays() -> None:
    assert visible(NEEDED) == tidy(NEEDED) == NEEDED
    assert visible_json(msgspec.json.encode(NEEDED)) == msgspec.json.encode(NEEDED)


@pytest.mark.parametrize(
    ("text", "shown", "tidied"),
    [
        ("a\x1b[2Jb", r"a\x1b[2Jb", "a[2Jb"),
        ("a\r\n\tb", r"a\x0d\x0a\x09b", "a b"),
        ("a\x85b\u2028c", r"a\x85b\u2028c", "a b c"),
        ("\u202egnp\u2069", r"\u202egnp\u2069", "gnp"),
        ("a\u200bb\ufeff", r"a\u200bb\ufeff", "ab"),
        ("\udc9b", r"\udc9b", ""),
        (" a  b ", " a  b ", "a b"),
        ("a\x1b \x1bb", r"a\x1b \x1bb", "a b"),
    ],
)
def test_examples(text: str, shown: str, tidied: str) -> None:
    assert visible(text) == shown
    assert tidy(text) == tidied


@given(st.sampled_from(["http://a.test/", "http://", "//", "/", "?", "http://u:p@a.test/?"]), TEXTS)
def test_urls_are_printable_ascii_whatever_they_are_made_of(start: str, text: str) -> None:
    """So what is stored and shown of them needs no escape, and host names none either."""
    try:
        found = [join("http://base.test/x?y", start + text), parse(start + text)]
    except (NotCrawlable, UnicodeEncodeError):
        found = []
    for url in found:
        assert url is None or (url.isascii() and url.isprintable())
