"""The links of a page: absolute, canonical, distinct, in document order."""

from collections.abc import Callable, Iterable

from crawler import urls


def absolute(
    hrefs: Iterable[str], page_url: str, base: str | None, canonical: Callable[[str], str], limit: int
) -> list[str]:
    """The http and https URLs that `hrefs` lead to, without fragments, in `canonical` form, at most `limit`.

    They are joined with `base`, itself joined with the page's URL, or with that alone where there is no usable base.
    """
    join = urls.joiner(page_url if base is None else urls.join(page_url, base) or page_url)
    found: dict[str, None] = {}
    for href in dict.fromkeys(hrefs):
        url = join(href)
        if url is not None:
            found[canonical(url)] = None
            if len(found) == limit:
                break
    return list(found)
