"""The truth about a site, told page after page: a site of any size is never held in memory."""

import json
from collections.abc import Iterator
from typing import Any, Final

from crawler.site.pages import render
from crawler.site.sheet import Rendered
from crawler.site.web import Web

RULE: Final = (
    "Words of the visible text, as a browser's innerText splits it: inline elements (also wbr and ruby bases) and "
    "comments never split a word; blocks, table cells, br and options always do. Not counted: head (so the title), "
    "script, style, template, noscript, comments, ruby readings (rt, rp), and the attributes alt, title, value and "
    r"placeholder. Words are \w+ of the text after NFKC, case folding and NFKC again, but Thai and Lao SARA AM "
    "(U+0E33, U+0EB3) stay whole: NFKC takes them apart, and ICU then cuts inside of words. Han, Hiragana, Katakana "
    "(with U+30FC), Thai, Lao, Khmer and Burmese, marks included, are cut by ICU's root word breaker, and apart from "
    "other scripts: 2026年 is two words. Links are the distinct http(s) URLs of a[href] and area[href] in document "
    "order, without fragments, with rel=nofollow; nofollow are those that are never written without it. The charset "
    "is the label that the page declares or is written in, the language the first part of its html lang."
)


def seeds(web: Web) -> str:
    """Every URL of the site, one a line: pages, then redirects, then errors."""
    return "".join(f"{url}\n" for url in (*map(web.url, web.pages()), *web.redirects, *web.errors))


def told(page: Rendered) -> dict[str, Any]:
    """What is true of one page."""
    return {
        "language": page.language,
        "charset": page.charset,
        "tokens": sum(page.words.values()),
        "words": page.words,
        "links": page.links,
        "nofollow": page.nofollow,
        "title": page.title,
    }


def truth(web: Web) -> Iterator[str]:
    """The truth as pieces of one JSON object, a page a piece."""
    from icu4py import icu_version  # noqa: PLC0415  # the one use; a site that is not asked needs no ICU

    about = {"rule": RULE, "icu": icu_version, "seed": web.settings.seed}
    yield json.dumps(about, ensure_ascii=False)[:-1] + ', "pages": {'
    comma = ""
    for page in web.pages():
        known = render(web, page)
        yield f"{comma}\n{json.dumps(known.url)}: {json.dumps(told(known), ensure_ascii=False)}"
        comma = ","
    redirects = {url: redirect.target for url, redirect in web.redirects.items()}
    errors = {url: error.status for url, error in web.errors.items()}
    yield f'}},\n"redirects": {json.dumps(redirects)},\n"errors": {json.dumps(errors)}}}\n'
