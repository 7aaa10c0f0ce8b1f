"""What must hold of anything that comes out of a parser, whatever went in."""

import unicodedata
from typing import Any

import msgspec

from crawler import urls
from crawler.analyze.words import MAX_WORD_CHARS
from crawler.canonical import canonicalizer
from crawler.model import Failure, pack
from crawler.settings import DEFAULT_STRIPPED

CANONICAL = canonicalizer(DEFAULT_STRIPPED)
MAX_REASON_CHARS = 400


def crosses_walls(value: Any, kind: Any) -> bytes:
    """The value can be packed for another process or for the database, and comes back as it was."""
    packed = pack(value)
    assert msgspec.msgpack.decode(packed, type=kind) == value
    return packed


def is_a_reason(text: str) -> None:
    """Words for people, not endless, that can be written down; where they are shown they are made visible."""
    text.encode()
    assert text.strip()
    assert len(text) <= MAX_REASON_CHARS


def is_a_failure(failure: Failure) -> None:
    """A failure with a reason."""
    is_a_reason(failure.text)
    crosses_walls(failure, Failure)


def is_crawlable(url: str) -> None:
    """An absolute http or https URL in serialised form, without fragment, that has a host and a port."""
    assert url.startswith(("http://", "https://"))
    assert "#" not in url
    assert url.isascii() and url.isprintable() and " " not in url
    assert urls.parse(url) == url
    assert urls.host(url)
    assert 0 <= urls.port(url) < 2**16


def is_canonical(url: str) -> None:
    """A crawlable URL in canonical form."""
    is_crawlable(url)
    assert CANONICAL(url) == url


def are_words(words: dict[str, int]) -> None:
    r"""Runs of `\w` with marks, normal and case-folded, each counted at least once."""
    for word, count in words.items():
        assert count > 0
        assert 0 < len(word) <= MAX_WORD_CHARS
        word.encode()
        assert any(each.isalnum() or each == "_" for each in word), word
        assert all(each.isalnum() or each == "_" or unicodedata.category(each).startswith("M") for each in word), word
        assert word == folded(word), word


def folded(text: str) -> str:
    """NFKC and case folding, which must leave a word as it is; SARA AM comes out whole."""
    normal = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return normal.replace("\u0e4d\u0e32", "\u0e33").replace("\u0ecd\u0eb2", "\u0eb3")
