"""What pages ask of robots, in meta tags and headers."""

import pytest

from crawler.analyze.directives import directives_of

NOTHING, NOINDEX, NOFOLLOW, BOTH = (False, False), (True, False), (False, True), (True, True)


@pytest.mark.parametrize(
    ("metas", "asked"),
    [
        ([], NOTHING),
        ([("robots", "noindex")], NOINDEX),
        ([("ROBOTS ", " NoFollow ")], NOFOLLOW),
        ([("robots", "noindex, nofollow")], BOTH),
        ([("robots", "noindex nofollow")], BOTH),
        ([("robots", "none")], BOTH),
        ([("robots", "index,follow,all,noarchive,max-snippet:-1,max-image-preview: none")], NOTHING),
        ([("robots", "noindex"), ("robots", "nofollow")], BOTH),
        ([("robots", "index"), ("robots", "noindex")], NOINDEX),
        ([("robots", "noindex"), ("crawler", "nofollow")], NOFOLLOW),
        ([("Crawler", "all"), ("robots", "none")], NOTHING),
        ([("googlebot", "none"), ("description", "noindex"), ("crawlers", "none")], NOTHING),
        ([("robots", "noindexed,-nofollow,")], NOTHING),
        ([("robots", "")], NOTHING),
    ],
)
def test_meta_tags(metas: list[tuple[str, str]], asked: tuple[bool, bool]) -> None:
    assert directives_of([], metas, "crawler") == asked


@pytest.mark.parametrize(
    ("values", "asked"),
    [
        (["noindex"], NOINDEX),
        (["NoIndex , NoFollow"], BOTH),
        (["none"], BOTH),
        (["noindex", "nofollow"], BOTH),
        (["crawler: noindex"], NOINDEX),
        (["Crawler : noindex, nofollow"], BOTH),
        (["googlebot: noindex, nofollow"], NOTHING),
        (["googlebot: noindex", "nofollow"], NOFOLLOW),
        (["googlebot: noindex, crawler: nofollow"], NOFOLLOW),
        (["crawler: nofollow, googlebot: noindex"], NOFOLLOW),
        (["unavailable_after: Friday, 01 Jan 2027 15:00:00 GMT"], NOTHING),
        (["unavailable_after: Fri, 01 Jan 2027 15:00:00 GMT, noindex"], NOINDEX),
        (["crawler: unavailable_after: 2027-01-01T15:00:00+00:00, nofollow"], NOFOLLOW),
        (["max-snippet: 20, max-image-preview: none"], NOTHING),
        (["crawler: max-image-preview: none"], NOTHING),
        ([": noindex"], NOINDEX),
        ([",;:,", ""], NOTHING),
    ],
)
def test_headers(values: list[str], asked: tuple[bool, bool]) -> None:
    headers = [("content-type", "none"), *(("x-robots-tag", value) for value in values)]
    assert directives_of(headers, [], "crawler") == asked


def test_what_is_asked_in_either_place_counts() -> None:
    assert directives_of([("x-robots-tag", "noindex")], [("crawler", "nofollow")], "crawler") == BOTH
