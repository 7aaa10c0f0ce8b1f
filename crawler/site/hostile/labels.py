"""Answers that are not what their labels say."""

import zlib
from typing import Final

from crawler.site.hostile.exchange import page
from crawler.site.hostile.hazard import ANALYSED, CONTENT_TYPE, Hazard, Play
from crawler.site.hostile.plays import answers

_TEXT: Final = "日本語のページです。文字コードが違います。" * 20
_PDF: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj <</Type /Catalog>> endobj\n" + bytes(range(256)) * 20
_PNG: Final = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0" + zlib.compress(
    bytes(range(256)) * 20
)
_JPEG: Final = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0" + bytes(range(256)) * 20
_ZIP: Final = b"PK\x03\x04\x14\0\0\0\x08\0" + bytes(range(256)) * 20


def _labelled(content_type: str, body: bytes) -> Play:
    return answers(f"Content-Type: {content_type}", body=body)


def _page(
    name: str, does: str, content_type: str, ends: tuple[str, ...] = ANALYSED, charset: str = "utf-8"
) -> Hazard:
    """A page under a label, with a word of its own, so that it is nobody's duplicate."""
    body = page(f"{name} {_TEXT}").decode().encode(charset)
    return Hazard(name, does, _labelled(content_type, body), ends)


HAZARDS: Final = (
    Hazard(
        "utf-7",
        "UTF-7, and says so",
        _labelled("text/html; charset=utf-7", b"<p>+ADw-script+AD4-alert(1)+ADw-/script+AD4-"),
    ),
    Hazard(
        "surrogates",
        "lone surrogates in UTF-8",
        _labelled("text/html; charset=utf-8", b"<p>encoded \xed\xa0\x80 and \xed\xbf\xbf</p>"),
    ),
    Hazard(
        "surrogate-references",
        "references to lone surrogates",
        _labelled("text/html", b"<p>referred &#xD800; and &#57343;</p>"),
    ),
    _page("charset-unknown", "a charset that nobody knows", "text/html; charset=klingon"),
    _page("charset-wrong", "Shift_JIS that is called UTF-8", "text/html; charset=utf-8", charset="cp932"),
    _page("charset-wrong-16", "UTF-8 that is called UTF-16", "text/html; charset=utf-16"),
    _page("charset-twice", "two charsets", "text/html; charset=euc-jp; charset=utf-8"),
    _page("type-none", "no content type", ""),
    _page("type-garbage", "a content type that is none", "; ;/;="),
    _page("type-pdf", "HTML that is called PDF", "application/pdf", CONTENT_TYPE),
    Hazard("pdf", "a PDF that is called HTML", _labelled("text/html", _PDF), CONTENT_TYPE),
    Hazard("png", "a PNG that is called HTML", _labelled("text/html; charset=utf-8", _PNG), CONTENT_TYPE),
    Hazard("jpeg", "a JPEG that is called plain text", _labelled("text/plain", _JPEG), CONTENT_TYPE),
    Hazard("zip", "a ZIP without a content type", _labelled("", _ZIP), CONTENT_TYPE),
)
