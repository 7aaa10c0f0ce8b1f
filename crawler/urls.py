"""URLs as browsers read them (the WHATWG URL standard, by ada-url), but for one thing: none has a user or a password.

Whoever may bring those has them read apart from the URL (`user_info`).
"""

import re
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from ada_url import URL, join_url

CRAWLABLE_SCHEMES = ("http:", "https:")

# References that the standard leaves as they are: no dot segments but `../` in front, nothing to escape or look up.
_PLAIN_CHARS = r"(?:[a-zA-Z0-9_~-]++|%(?!2[eE]))++"
_PLAIN_PATH = rf"{_PLAIN_CHARS}(?:[./]{_PLAIN_CHARS})*+/?(?:\?[a-zA-Z0-9_~./=&%-]++)?"
_PLAIN_HOST = r"(?:[a-z0-9]++(?:-[a-z0-9]++)*+\.)++[a-z]{2,}+"
_PLAIN = re.compile(
    rf"(?:(?P<url>https?://)|(?P<net>//)){_PLAIN_HOST}/(?:{_PLAIN_PATH})?"
    rf"|(?P<path>/)(?:{_PLAIN_PATH})?|(?P<up>(?:\.\./)+)(?:{_PLAIN_PATH})?|{_PLAIN_PATH}"
)
_MAX_FOLDERS_OF = 4_000
_USER_INFO = re.compile(r"\A(\s*+(?:https?:[/\\]*+)?+).*(?:@|%40|\uff20)", re.DOTALL | re.IGNORECASE)
_NO_PORT = re.compile(
    r"\A(\s*+(?:https?:[/\\]*+|(?:[a-z][a-z0-9+.-]*+:)?+[/\\]++)[^:/\\?#\[]*+:)(?![0-9]*+(?:[/\\?#]|$)).*",
    re.DOTALL | re.IGNORECASE,
)


class NotCrawlable(ValueError):
    """The text is no URL that can be fetched; the message says why and what would be."""


def parse(text: str) -> str:
    """The serialised URL, without its fragment and without user and password.

    Raises NotCrawlable for what is no absolute http or https URL.
    """
    try:
        url = URL(text)
    except ValueError:
        hint = "put http:// or https:// in front of it" if "." in text and "://" not in text else "write it in full"
        raise NotCrawlable(f"not a URL; {hint}") from None
    if url.protocol not in CRAWLABLE_SCHEMES:
        scheme = "its scheme" if "@" in text else f"the scheme {url.protocol.removesuffix(':')!r}"
        raise NotCrawlable(f"{scheme} is not crawled; only http and https are")
    return without_user_info(without_fragment(str(url.href)))


def user_info(text: str) -> tuple[bytes, bytes] | None:
    """User and password of a URL that `parse` takes, with percent-encoding decoded; None where it has neither."""
    if "@" not in text:
        return None
    url = URL(text)
    user, password = str(url.username), str(url.password)
    return (unquote_to_bytes(user), unquote_to_bytes(password)) if user or password else None


def masked(text: str) -> str:
    """`text`, which somebody meant for a URL, with … for all of it that may be a user and a password.

    It may be no URL, so whatever stands before the last `@` is hidden; and so is what follows a colon where a port
    would stand and none does, as in `http://user:secret`.
    """
    shown = _USER_INFO.sub(r"\1…@", text)
    return _NO_PORT.sub(r"\1…", text) if shown == text else shown


def join(base: str, reference: str) -> str | None:
    """`reference` as a link on the page `base`: an absolute http(s) URL without fragment and user, or None."""
    try:
        target = str(join_url(base, reference))
    except ValueError:
        return None
    return without_user_info(without_fragment(target)) if target.startswith(CRAWLABLE_SCHEMES) else None


def joiner(base: str) -> Callable[[str], str | None]:
    """`join` with one serialised http(s) base for many references; several times faster on the plain ones."""
    base = join(base, "") or base
    if len(base) > _MAX_FOLDERS_OF:  # its folders, each written out, would take the square of that
        return lambda reference: join(base, reference)
    scheme, _, rest = base.partition("//")
    authority, _, path = rest.partition("?")[0].partition("/")
    origin = f"{scheme}//{authority}"
    folders = [origin + "/"]
    for segment in path.split("/")[:-1]:
        folders.append(f"{folders[-1]}{segment}/")
    folders.reverse()

    def join_with_base(reference: str) -> str | None:
        visible = reference.partition("#")[0]
        plain = _PLAIN.fullmatch(visible)
        if plain is None:
            return join(base, reference) if visible else base
        match plain.lastgroup:
            case "url":
                return visible
            case "net":
                return scheme + visible
            case "path":
                return origin + visible
            case "up":
                up = plain.end("up")
                return folders[min(up // len("../"), len(folders) - 1)] + visible[up:]
        return folders[0] + visible

    return join_with_base


def without_fragment(url: str) -> str:
    """The serialised `url` up to its `#`, which is all that a server sees."""
    return url.partition("#")[0]


def without_user_info(url: str) -> str:
    """The serialised http(s) `url` without user and password."""
    if "@" not in url:
        return url
    start = url.index("//") + len("//")
    at = url.rfind("@", start, url.index("/", start))
    return url if at < 0 else url[:start] + url[at + 1 :]


def origin(url: str) -> str:
    """Scheme, host and port of a serialised URL, as `http://a.example:8080`."""
    return url[: url.find("/", len("https://"))]


def host(url: str) -> str:
    """The host name of a serialised URL, in lower case, an IPv6 address in its brackets."""
    authority = url.split("/", 3)[2]
    if ":" not in authority and "@" not in authority:
        return authority
    authority = authority.rpartition("@")[2]
    if authority.startswith("["):
        return authority.partition("]")[0] + "]"
    return authority.partition(":")[0]


def port(url: str) -> int:
    """The port a serialised URL is fetched from."""
    scheme, _, rest = url.partition("://")
    authority = rest.partition("/")[0].partition("?")[0].rpartition("@")[2]
    digits = authority.rpartition("]")[2].rpartition(":")[2] if ":" in authority.rpartition("]")[2] else ""
    return int(digits) if digits else {"http": 80, "https": 443}[scheme]
