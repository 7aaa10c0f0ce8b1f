"""Hearts for the worker rooms, whole and in halves."""

from crawler.model import Analysis, Listing, Page, Reading, Robots, RobotsRule, pack
from crawler.workers.guarded import Halves
from tests.workers import deeds


def _counted(page: Page, size: object) -> Reading:
    assert isinstance(size, int)
    words = {"bytes": size}
    return Analysis(
        charset="utf-8",
        title=page.url,
        language=None,
        tokens=size,
        distinct=1,
        top=(("bytes", size),),
        packed_words=pack(words),
        packed_links=pack([]),
    )


def _by_kind(page: Page, size: object) -> Reading:
    match page.kind:
        case "robots":
            return Robots((RobotsRule(allow=False, pattern="/x", line=2),), 1.5, ("http://a.test/map.xml",))
        case "sitemap":
            return Listing(
                pack([("http://a.test/", None), ("http://a.test/b", "2026-01-01")]), ("http://a.test/2.xml",)
            )
    return _counted(page, size)


count = Halves(deeds.behave, _counted)
obey = Halves(deeds.obey, _counted)
read_by_kind = Halves(deeds.behave, _by_kind)
