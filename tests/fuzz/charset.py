"""Which encoding, and the text in it: by marks, headers, declarations and looks."""

from typing import Any

import webencodings
from hypothesis import strategies as st

from crawler.analyze.charset import to_text
from crawler.analyze.declaration import in_content_type, in_page
from tests.analyze.samples import ENCODINGS, PARAGRAPHS, page
from tests.fuzz.material import bodies, mixed, texts
from tests.fuzz.target import Target

NAMES = frozenset(encoding.name for encoding in map(webencodings.lookup, webencodings.LABELS) if encoding)
LABELS = sorted({"unknown", "utf-7", "utf-32", "\u212aoi8-r", *webencodings.LABELS})
SAMPLES = [
    *(page(language, f'<meta charset="{name}">').encode(codec) for name, language, codec in ENCODINGS),
    *(page(language).encode(codec) for _, language, codec in ENCODINGS),
    page("ja").encode("utf-16-le"),
    page("fr").encode("utf-16-be"),
    page("de", "<?xml version='1.0' encoding='iso-8859-1'?>").encode("cp1252"),
]
PIECES = [
    b"<meta charset=", b"<META\tCHARSET='",
    b'<meta http-equiv=content-type content="text/html; charset=', b"<meta/", b"<meta ", b">", b"<!--", b"-->",
    b"<?xml version='1.0' encoding='", b"<?xml ", b"encoding", b"encoding=", b"charset", b"charset=", b" = ",
    b"'", b'"', b" ", b"\n", b"=", b"/", b"a=", b"http-equiv", b"content", b"\xef\xbb\xbf", b"\xff\xfe",
    b"\xfe\xff", b"<\0", b"\0<", b"\0", b"\x1b$B", b"\x1b(B", b"\x1b$", b"\x1b(I", b"\x1b", b"\x80", b"\x81",
    b"\x85", b"\xa0", b"\xff", b"\xc3", b"\xe3\x81", b"\xf0\x9f", b"\x82\xa0", b"\x8f\xa2\xaf",
    b"\x81\x30\x89\x38", b"\x84\x31\xa4\x37", b"\x88\x62", b"word ", "é".encode(), "日本語".encode(),
    *(label.encode() for label in LABELS[::12]),
    *(text.encode(codec, "replace") for name, language, codec in ENCODINGS for text in PARAGRAPHS[language]),
]  # fmt: skip
content_type = st.one_of(
    st.none(),
    st.sampled_from(LABELS).map("text/html; charset={}".format),
    texts(
        ["text/html;", "charset", "CHARSET=", "=", '"', "'", ";", " ", "utf-8", "shift_jis", "utf-16", "\ufffd"],
        max_size=8,
    ),
)
inputs = st.tuples(bodies(SAMPLES, PIECES) | mixed(["<meta charset=", "utf-8", ">", "\x1b$B", "<p>"]), content_type)


def check(given: Any) -> None:
    body, header = given
    text, name = to_text(body, header)
    assert to_text(body, header) == (text, name)
    assert name in NAMES
    text.encode()
    assert len(text) <= len(body) + 1
    for declared in (in_content_type(header), in_page(body)):
        assert declared is None or declared in NAMES
    if _is_plain_utf8(body):
        assert (text, name) == (body.decode(), "utf-8")


def _is_plain_utf8(body: bytes) -> bool:
    """True for UTF-8 that nothing but UTF-8 can be."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return False
    return not text.isascii() and "\0" not in text and not text.startswith("\ufeff")


TARGET = Target(inputs, check)
