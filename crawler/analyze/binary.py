"""Files that are no text, whatever their label says: their bytes would be counted as words that nobody wrote.

Told by how they begin (the tables of https://mimesniff.spec.whatwg.org, sections 6 and 7), and only by signatures
with which no text begins: what is text but looks odd is read as its label says.
"""

import re

_KINDS = (
    ("a PDF", rb"%PDF-\d\.\d[ \t]*[\r\n]"),
    ("PostScript", rb"%!PS-Adobe-\d"),
    ("an image (PNG)", rb"\x89PNG\r\n\x1a\n"),
    ("an image (JPEG)", rb"\xff\xd8\xff[\xc0-\xfe]"),
    ("an image (GIF)", rb"GIF8[79]a.{0,6}\0"),
    ("an image (WebP)", rb"RIFF.{4}WEBPVP8[ LX]"),
    ("an image or a video (ISO media)", rb"\0\0\0.ftyp"),
    ("audio or video (RIFF)", rb"RIFF.{4}(?:WAVE|AVI )"),
    ("audio or video (Ogg)", rb"OggS\0"),
    ("a video (Matroska)", rb"\x1a\x45\xdf\xa3"),
    ("an archive (ZIP)", rb"PK\x03\x04"),
    ("an archive (gzip)", rb"\x1f\x8b\x08"),
    ("an archive (RAR)", rb"Rar!\x1a\x07"),
    ("an archive (7z)", rb"7z\xbc\xaf\x27\x1c"),
    ("a document of Microsoft Office", rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ("a font (WOFF)", rb"wOF[F2]\0"),
    ("a program (ELF)", rb"\x7fELF"),
    ("WebAssembly", rb"\0asm\x01\0"),
)
_BINARY = re.compile(b"|".join(b"(%b)" % pattern for _, pattern in _KINDS), re.DOTALL)


def kind_of(body: bytes) -> str | None:
    """What kind of binary file `body`, without its content codings, is; None for all that may be text."""
    found = _BINARY.match(body)
    return None if found is None or found.lastindex is None else _KINDS[found.lastindex - 1][0]
