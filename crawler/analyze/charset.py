"""Bytes to text: which encoding a page is in, and decoding as the Encoding Standard has it.

In this order, the first that holds:

1. a byte order mark;
2. UTF-16 that the HTTP header names, or that the first character (`<`) shows;
3. ISO-2022-JP, by its escape sequences, where it decodes without an error;
4. UTF-8, where at most one in twenty of the characters beyond ASCII is broken;
5. what the HTTP header names, then what the page names, where nothing is broken;
6. the same, with the tolerance of step 4;
7. what the bytes look like, by turbohtml's detector.

A browser believes the declaration and does not look (https://html.spec.whatwg.org/multipage/parsing.html
#determining-the-character-encoding); its user would change the encoding or leave. Nobody watches a crawler, and bytes
of another encoding hardly ever pass for UTF-8, so looking comes first: it saves the pages that were moved to UTF-8
without their meta tag or their server being told. A declared encoding counts as broken where it yields U+FFFD or a C1
control, which gives away Shift_JIS served as ISO-8859-1; and windows-1252, which servers put on everything, is not
believed of MIN_EVIDENCE high bytes that look East Asian, Cyrillic, Greek, Hebrew or Arabic.

Decoding is turbohtml's (its `whatwg-*` codecs), because Python's codecs differ from the standard: no NEC row 13 in
euc_jp, holes in windows-1252 and gb18030, another koi8-u.
"""

import codecs
import re

from turbohtml.detect import detect

from crawler.analyze.declaration import in_content_type, in_page

TOLERANCE = 20
MIN_EVIDENCE = 5
MAX_DETECT_BYTES = 64 * 2**10
MAX_DOUBT_BYTES = 4 * 2**10

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16le"), (codecs.BOM_UTF16_BE, "utf-16be"))
_UTF16 = {b"<\0": "utf-16le", b"\0<": "utf-16be"}
_SHIFTS_TO_JIS = (b"\x1b$", b"\x1b(")
_LOOKED_AT_ALREADY = frozenset(("utf-8", "utf-16le", "utf-16be", "replacement", "x-user-defined"))
_FALLBACK = "windows-1252"
# Thai is missing, because the detector sees it in broken French.
_NOT_LATIN = frozenset(
    (
        "shift_jis", "euc-jp", "gbk", "gb18030", "big5", "euc-kr", "windows-1251", "koi8-r", "koi8-u", "iso-8859-5",
        "ibm866", "windows-1253", "iso-8859-7", "windows-1255", "iso-8859-8", "windows-1256", "iso-8859-6",
    )
)  # fmt: skip
# In Latin script, letters beyond ASCII stand alone or in pairs; in any other, they are the text.
_HIGH_RUN = re.compile(rb"[\x80-\xff]{4}")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_BROKEN = re.compile("[\ufffd\x80-\x84\x86-\x9f]")
_CHARSET = re.compile(rb"charset", re.IGNORECASE)


def to_text(body: bytes, content_type: str | None) -> tuple[str, str]:
    """The text of `body`, and the encoding it was in: the Encoding Standard's name in lower case.

    Bytes that are invalid in that encoding become U+FFFD. The text of pure ASCII is said to be UTF-8.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return _decode(body[len(mark) :], name), name
    header = in_content_type(content_type)
    return _by_shape(body, header) or _by_declaration(body, header) or _by_looks(body)


def _by_shape(body: bytes, header: str | None) -> tuple[str, str] | None:
    """Steps 2 to 4: the encodings that show by themselves."""
    utf16 = header if header in _UTF16.values() else _UTF16.get(body[:2])
    if utf16 and b"\0" in body and _BROKEN.search(text := _decode(body, utf16)) is None:
        return text, utf16
    if body.isascii():
        if any(shift in body for shift in _SHIFTS_TO_JIS) and "\ufffd" not in (text := _decode(body, "iso-2022-jp")):
            return text, "iso-2022-jp"
        return body.decode("ascii"), "utf-8"
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text = _decode(body, "utf-8")
    return (text, "utf-8") if _is_tolerable(text) else None


def _by_declaration(body: bytes, header: str | None) -> tuple[str, str] | None:
    """Steps 5 and 6: what header and page name, header first."""
    named = dict.fromkeys(name for name in (header, in_page(body)) if name and name not in _LOOKED_AT_ALREADY)
    if _FALLBACK in named:
        sample = _sample(body, MAX_DOUBT_BYTES)
        if len(_HIGH_RUN.findall(sample)) >= MIN_EVIDENCE and _looks(sample) in _NOT_LATIN:
            del named[_FALLBACK]
    read = [(_decode(body, name), name) for name in named]
    clean = (each for each in read if _BROKEN.search(each[0]) is None)
    return next(clean, None) or next((each for each in read if _is_tolerable(each[0])), None)


def _by_looks(body: bytes) -> tuple[str, str]:
    name = _looks(_sample(body, MAX_DETECT_BYTES))
    return _decode(body, name), name


def _looks(sample: bytes) -> str:
    # The detector believes declarations, which have been found wanting by now.
    return (detect(_CHARSET.sub(b"", sample)).encoding or _FALLBACK).lower().removesuffix("-sig")


def _sample(body: bytes, size: int) -> bytes:
    """What the detector sees: the first bytes beyond ASCII and what follows them."""
    start = _HIGH_BYTE.search(body)
    sample = body[start.start() if start else 0 :][:size]
    if len(sample) < size:
        return sample
    # Half a character at the end would rule the right answer out; no encoding has a `>` inside a character.
    return sample[: sample.rfind(b">") + 1] or sample


def _decode(body: bytes, name: str) -> str:
    if name == "utf-8":
        return body.decode("utf-8", "replace")
    return body.decode(f"whatwg-{name}")


def _is_tolerable(text: str) -> bool:
    """True when at most one in TOLERANCE of the characters beyond ASCII is broken."""
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    if text.count("\ufffd") * TOLERANCE > beyond_ascii:  # which spares a legacy page the slower count
        return False
    return (len(text) - len(_BROKEN.sub("", text))) * TOLERANCE <= beyond_ascii
