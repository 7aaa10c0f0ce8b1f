"""What a page says about its own encoding: in the HTTP header, in a meta tag, or in an XML declaration."""

import re
from collections.abc import Iterator

import webencodings

# Browsers look at 1,024 bytes first, and start again when a meta tag further down says otherwise.
PRESCAN_BYTES = 64 * 2**10

_PARAMETER = re.compile(r"""charset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;"']+))""", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_META = re.compile(rb"<meta[\s/]([^>]*)", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"""([^\s/>=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?""")
_XML = re.compile(rb"""\s*<\?xml\s[^>]*?encoding\s*=\s*["']([^"'>]+)["']""")


def name_of(label: str) -> str | None:
    """The Encoding Standard's name for `label`, in lower case; None when it has none."""
    encoding = webencodings.lookup(label)
    return None if encoding is None else str(encoding.name)


def in_content_type(value: str | None) -> str | None:
    """The encoding that the header Content-Type names, if it is one."""
    if value is None or (found := _PARAMETER.search(value)) is None:
        return None
    return name_of(next(filter(None, found.groups()), ""))


def in_page(body: bytes) -> str | None:
    """The encoding that the page names first, by a meta tag or an XML declaration.

    After https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding, where
    UTF-16 that ASCII could be read in must be UTF-8, and x-user-defined is windows-1252.
    """
    head = body[:PRESCAN_BYTES]
    label = next(_meta_labels(head), None) or _xml_label(head)
    return {"utf-16le": "utf-8", "utf-16be": "utf-8", "x-user-defined": "windows-1252"}.get(label or "", label)


def _meta_labels(head: bytes) -> Iterator[str]:
    for tag in _META.finditer(_COMMENT.sub(b"", head)):
        attributes: dict[str, str] = {}
        for name, *values in _ATTRIBUTE.findall(tag[1]):
            attributes.setdefault(name.decode("latin-1").lower(), b"".join(values).decode("latin-1"))
        label = name_of(attributes.get("charset", ""))
        if label is None and attributes.get("http-equiv", "").lower() == "content-type":
            label = in_content_type(attributes.get("content"))
        if label is not None:
            yield label


def _xml_label(head: bytes) -> str | None:
    found = _XML.match(head)
    return name_of(found[1].decode("latin-1")) if found else None
