"""The links of a page: absolute, canonical, distinct, in document order."""

from collections.abc import Callable, Iterable

from crawler import urls


def absolute(
    hrefs: Iterable[str],
    page_url: str,
    base: str | None,
    canonical: Callable[[str], str],
    *,
    limit: int,
    max_chars: int = 2**21,
) -> list[str]:
    """The http and https URLs that `hrefs` lead to, without fragments, in `canonical` form, at most `limit`.

    They end where `max_chars` would be exceeded: a long base makes much of many short links.

    They are joined with `base`, itself joined with the page's URL, or with that alone where there is no usable base.
    """
    join = urls.joiner(page_url if base is None else urls.join(page_url, base) or page_url)
    found: dict[str, None] = {}
    for href in dict.fromkeys(hrefs):
        url = join(href)
        if url is not None:
            url = canonical(url)
            if url not in found:
                max_chars -= len(url)
                if len(found) == limit or max_chars < 0:
                    break
                found[url] = None
    return list(found)
