"""Made-up webs, drawn by hypothesis: five origins of four hosts, with all that may stand in a crawler's way.

No host is drawn so ill that it would be given up: from then on, what is visited depends on the order, as it must.
"""

import re
from random import Random

from hypothesis import strategies as st

from crawler.model import Fault
from crawler.settings import FrontierSettings
from tests.frontier.drive import Schedule
from tests.frontier.world import NOT_FOUND, Ill, Index, Text, Thing, To, Web, robots_txt

ORIGINS = ("http://a.test", "http://a.test:81", "http://www.a.test", "http://b.test", "http://c.crawler.test")
PATHS = ("/", "/x/y", "/x/z", "/no/p")
URLS = tuple(origin + path for path in PATHS for origin in ORIGINS)
ROBOTS_URLS = tuple(f"{origin}/robots.txt" for origin in (*ORIGINS, "http://nowhere.test"))
SITEMAPS = tuple(f"{origin}/{name}.xml" for origin in ORIGINS for name in ("sitemap", "no/more"))
PATTERNS = tuple(re.compile(text) for text in ("/x", "y$", "b.test", "no/"))
FINAL = (Ill(410), Ill(500), Ill(fault=Fault.TOO_LARGE), Ill(fault=Fault.CRASHED))
FLUKES = (
    (Ill(500),),
    (Ill(502), Ill(504)),
    (Ill(503), Ill(503, retry_after_s=40)),
    (Ill(429, retry_after_s=3),) * 3,
    (Ill(fault=Fault.TIMEOUT), Ill(fault=Fault.RESET)),
    (Ill(fault=Fault.CONNECT),),
)
SCOPES = ("host", "site", "prefix", "list", "any")

_urls = st.sampled_from(URLS)
_some_urls = st.lists(_urls, max_size=4).map(tuple)
_texts = st.builds(Text, _some_urls, st.sampled_from((False, False, True)))
_pages: st.SearchStrategy[Thing] = st.one_of(
    _texts, _texts, _texts, st.builds(To, _urls), st.builds(To, _urls), st.sampled_from(FINAL)
)
_robots: st.SearchStrategy[Thing] = st.one_of(
    st.sampled_from((robots_txt("/no"), robots_txt("/"), Ill(500), Ill(fault=Fault.CONNECT))),
    st.builds(
        robots_txt,
        st.just("/no"),
        delay_s=st.sampled_from((None, 2.5, 100.0)),
        sitemaps=st.lists(st.sampled_from(SITEMAPS), max_size=2).map(tuple),
    ),
    st.builds(To, st.sampled_from(ROBOTS_URLS)),
)
_sitemaps: st.SearchStrategy[Thing] = st.one_of(
    st.builds(Index, _some_urls, st.lists(st.sampled_from(SITEMAPS), max_size=2).map(tuple)),
    st.builds(To, st.sampled_from(SITEMAPS)),
    st.just(Ill(500)),
)


@st.composite
def webs(draw: st.DrawFn) -> Web:
    """A web; most of its pages can be read, or redirect."""
    pages = dict(zip(URLS, draw(st.lists(_pages, min_size=len(URLS), max_size=len(URLS))), strict=True))
    robots = draw(st.dictionaries(st.sampled_from(ROBOTS_URLS[:-1]), _robots, max_size=4))
    sitemaps = draw(st.dictionaries(st.sampled_from(SITEMAPS), _sitemaps, max_size=3))
    ill = st.sampled_from((*URLS, *ROBOTS_URLS[:-1], *SITEMAPS))
    flukes = draw(st.dictionaries(ill, st.sampled_from(FLUKES), max_size=2))
    latency_s = draw(st.sampled_from(({}, {"b.test": 9.0, "c.crawler.test": 9.0})))
    return Web(pages | robots | sitemaps, flukes, latency_s)


seeds: st.SearchStrategy[list[str]] = st.lists(_urls, min_size=1, max_size=3, unique=True)

settings: st.SearchStrategy[FrontierSettings] = st.builds(
    FrontierSettings,
    depth=st.integers(0, 4),
    scope=st.sampled_from(SCOPES),
    include=st.lists(st.sampled_from(PATTERNS), max_size=1).map(tuple),
    exclude=st.lists(st.sampled_from(PATTERNS), max_size=1).map(tuple),
    sitemaps=st.booleans(),
    robots=st.sampled_from(("obey", "obey", "obey", "ignore")),
    per_host=st.integers(1, 3),
    delay_s=st.sampled_from((0.0, 1.0)),
    max_redirects=st.integers(1, 3),
    held_per_host=st.integers(1, 4),
    held_in_all=st.integers(1, 4),
)

schedules: st.SearchStrategy[Schedule] = st.builds(
    Schedule,
    seed=st.integers(0, 2**16),
    lanes=st.integers(1, 8),
    write_share=st.sampled_from((0.1, 0.6, 1.0)),
)

killed: st.SearchStrategy[Schedule] = st.builds(
    Schedule,
    seed=st.integers(0, 2**16),
    lanes=st.integers(1, 8),
    write_share=st.sampled_from((0.1, 0.6, 1.0)),
    kills=st.frozensets(st.integers(1, 120), min_size=1, max_size=4),
)


def grown(random: Random, pages: int = 120) -> Web:
    """A larger web than hypothesis would draw, of the same kind."""
    urls = [*URLS, *(f"{random.choice(ORIGINS)}/{random.choice(('', 'x/', 'no/'))}{n}" for n in range(pages))]

    def some(most: int) -> tuple[str, ...]:
        return tuple(random.choice(urls) for _ in range(random.randint(0, most)))

    def page() -> Thing:
        return random.choice((Text(some(4)), Text(some(4), random.random() < 0.2), To(random.choice(urls))))

    things: dict[str, Thing] = {url: page() if random.random() < 0.95 else random.choice(FINAL) for url in urls}
    for url in ROBOTS_URLS[:-1]:
        rules = robots_txt("/no", delay_s=random.choice((None, 3.0)), sitemaps=random.choice(((), SITEMAPS[1:3])))
        away = To(random.choice(ROBOTS_URLS))
        things[url] = random.choice((rules, rules, robots_txt("/"), Ill(500), away, NOT_FOUND))
    for url in SITEMAPS:
        more = random.choice(SITEMAPS)
        things[url] = random.choice((Index(some(9), (more,)), To(more), Ill(500)))
    ill = random.sample((*ROBOTS_URLS, *SITEMAPS, *urls), 2)
    return Web(things, {url: random.choice(FLUKES) for url in ill})
