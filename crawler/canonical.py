"""One form for the URLs that servers cannot tell apart, so that each page is visited once.

From a serialised http or https URL without fragment (`urls.parse`, `urls.join`) this much is changed, and no more:

- In path and query, escapes have their hex digits in upper case, and those of unreserved characters (letters, digits,
  `-`, `.`, `_`, `~`) are decoded, as RFC 3986, section 6.2.2, allows everybody to.
- Query parameters that only track or name a session are dropped, by name, with `*` for anything and in either case
  (`utm_*`, `gclid`); and with `jsessionid`, so is `;jsessionid=...` in the path (Java Servlet 6.0, section 7.1.3).
- A query that is empty, or has become so, is dropped with its `?`.

Nothing is sorted, and no slash is added or taken, because servers may tell these apart. A `%` that begins no escape
stays, and so does an escape right behind it, or else the two might make an escape that was not there.
"""

import re
import string
from collections.abc import Callable
from fnmatch import translate
from functools import cache

_ABNORMAL_ESCAPE = re.compile(
    r"%(?:[a-f][0-9a-fA-F]|[0-9A-F][a-f]|2[DE]|3[0-9]|4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE])(?<!%%..)(?<!%[0-9a-fA-F]%..)"
)
_SESSION = re.compile(r"(?<!/\.)(?<!/\.\.);jsessionid=[^;/]*", re.IGNORECASE)  # or there might be a dot segment
_UNRESERVED = frozenset(string.ascii_letters + string.digits + "-._~")


@cache
def canonicalizer(strip_params: tuple[str, ...]) -> Callable[[str], str]:
    """The function from a URL to its canonical form, without the query parameters of these names."""
    patterns = (translate(re.sub(r"[?[]", r"[\g<0>]", name)) for name in strip_params)
    is_stripped = re.compile("|".join(patterns), re.IGNORECASE).fullmatch if strip_params else None
    has_no_session = is_stripped is not None and is_stripped("jsessionid") is not None

    def canonical(url: str) -> str:
        if "%" not in url and "?" not in url and ";" not in url:
            return url
        path_at = url.index("/", len("https://"))
        target = url[path_at:]
        if "%" in target:
            target = _ABNORMAL_ESCAPE.sub(_normal, target)
        path, _, query = target.partition("?")
        if has_no_session and ";" in path:
            path = _SESSION.sub("", path)
        if query and is_stripped is not None:
            query = "&".join([each for each in query.split("&") if not is_stripped(each.partition("=")[0])])
        return f"{url[:path_at]}{path}?{query}" if query else url[:path_at] + path

    return canonical


def _normal(escape: re.Match[str]) -> str:
    character = chr(int(escape[0][1:], 16))
    return character if character in _UNRESERVED else escape[0].upper()
