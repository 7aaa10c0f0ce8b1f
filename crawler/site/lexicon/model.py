"""What a language must bring before the site can write in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

HEADER: Final = "header"
META: Final = "meta"
HTTP_EQUIV: Final = "http-equiv"
BOM: Final = "bom"
UNDECLARED: Final = "undeclared"

DECLARED: Final = (HEADER, META, HTTP_EQUIV)


@dataclass(frozen=True, slots=True)
class Charset:
    """An encoding that pages are written in: the label they declare, Python's codec, and how it is declared.

    `lexicon` is the one its pages are written from, where that is not the host's.
    """

    label: str
    codec: str
    ways: tuple[str, ...] = DECLARED
    lexicon: str | None = None


UTF_8: Final = Charset("utf-8", "utf-8", (HEADER, META, BOM, UNDECLARED))
UTF_16LE: Final = Charset("utf-16le", "utf-16-le", (BOM,))
UTF_16BE: Final = Charset("utf-16be", "utf-16-be", (BOM,))


@dataclass(frozen=True, slots=True)
class Language:
    """A lexicon and the patterns that make sentences of it, and the encodings besides UTF-8 that it is written in.

    `words` maps a slot to its entries, the most frequent first, separated by white space; `_` joins the words of
    an entry. `sentences` and `labels` hold one pattern a line; `{slot}` is filled from `words`, `{n}`, `{year}`
    and `{hour}` with numbers, `{name}` with a name of `names` (heads, tails); `{n:분}` glues an ending to it.
    In unspaced scripts a space only marks where a word ends, and `~` is a space that is seen. `readings` are ruby
    annotations.
    """

    code: str
    tag: str
    charsets: tuple[Charset, ...]
    rare: Charset | None = field(default=None, kw_only=True)
    words: Mapping[str, str]
    sentences: str
    labels: str
    names: tuple[str, str] = ("", "")
    unspaced: bool = False
    rtl: bool = False
    readings: Mapping[str, str] = field(default_factory=dict)
