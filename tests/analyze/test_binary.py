"""What is no text is not read as if it were, and what is text is."""

import gzip

import pytest

from crawler.analyze.binary import kind_of
from crawler.analyze.page import analyze
from crawler.model import Analysis, Failure, Fault, Page
from crawler.settings import AnalyzeSettings

FILES = {
    "a PDF": b"%PDF-1.4\n%\xe2\xe3\xcf\xd3",
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n",
    "an image (PNG)": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "an image (JPEG)": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "an image (GIF)": b"GIF89a\x01\0\x01\0\x80\0\0",
    "an image (WebP)": b"RIFF\x24\0\0\0WEBPVP8 ",
    "an image or a video (ISO media)": b"\0\0\0\x20ftypisom",
    "audio or video (RIFF)": b"RIFF\x24\0\0\0WAVEfmt ",
    "audio or video (Ogg)": b"OggS\0\x02",
    "a video (Matroska)": b"\x1a\x45\xdf\xa3\x9f",
    "an archive (ZIP)": b"PK\x03\x04\x14\0",
    "an archive (gzip)": gzip.compress(b"<p>words"),
    "an archive (RAR)": b"Rar!\x1a\x07\x01\0",
    "an archive (7z)": b"7z\xbc\xaf\x27\x1c\0\x04",
    "a document of Microsoft Office": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0",
    "a font (WOFF)": b"wOF2\0\x01\0\0",
    "a program (ELF)": b"\x7fELF\x02\x01",
    "WebAssembly": b"\0asm\x01\0\0\0",
}


def answer(body: bytes, content_type: str) -> Page:
    return Page("http://a.test/", 200, (("content-type", content_type),), body)


@pytest.mark.parametrize("content_type", ["text/html", "text/plain; charset=utf-8", "application/xhtml+xml", ""])
@pytest.mark.parametrize("kind", FILES)
def test_a_binary_file_is_told_whatever_it_is_called(kind: str, content_type: str) -> None:
    text = f"it is {kind}, whatever it is called"
    reading = analyze(answer(FILES[kind], content_type), AnalyzeSettings())
    assert reading == Failure(Fault.CONTENT_TYPE, text, "analyze")


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html>%PDF-1.4", b" %PDF-1.4", b"%PDF is a format", b"GIF89a is a format", b"RIFFs and licks",
        b"PK is a name", b"Rar! is Danish", b"OggS is a pattern", "ÿØÿ is Latin".encode("cp1252"), b"7z is a format",
        "\ufeffwords".encode(), "words".encode("utf-16"), "語".encode("utf-16-be"), b"\0\0\0words", b"\x1b$B",
    ],
)  # fmt: skip
def test_text_that_looks_odd_is_still_text(body: bytes) -> None:
    assert kind_of(body) is None
    assert isinstance(analyze(answer(body, "text/html"), AnalyzeSettings()), Analysis)
