"""Which URLs of the hostile workload do harm, and how: a rule that the site's seeds and the lab's heart share.

    http://en.crawler.test/books/8.html?utm_lab=crash     whoever parses it dies of SIGSEGV
    http://ja.crawler.test/music/7.html?utm_lab=hang      whoever parses it never returns, and keeps the GIL
    http://slow-drip.hostile.test/?utm_lab=drip&n=1       a byte each 100 ms: who fetches it waits until the time-out

The first two are pages of the built-in site, which gives no heed to `utm_` parameters: the harm is done by the heart
that the lab gives to each arm, as a bug in a parser would do it. They come when about half of the innocent pages are
behind an arm, so it shows how many of those it keeps. The drip needs nobody's help.
"""

import re
from collections.abc import Sequence
from typing import Final, Literal, TypeAlias, cast, get_args

Hazard: TypeAlias = Literal["crash", "hang"]

FETCH_TIMEOUT_S: Final = 2.0
"""How long an arm waits for a page of the hostile workload: what a drip costs whoever waits for it."""

PAGE_DEADLINE_S: Final = 1.0
"""How long an arm that can kill its workers gives one page of the hostile workload (`AnalyzeSettings.deadline_s`)."""

_DRIPPING: Final = ("slow-drip.hostile.test", "slow-headers.hostile.test")
_MARK: Final = re.compile(rf"[?&]utm_lab=({'|'.join(get_args(Hazard))})(?:&|$)")


def hazard_of(url: str) -> Hazard | None:
    """What parsing the page at this URL must do, if it is marked."""
    found = _MARK.search(url)
    return cast("Hazard", found[1]) if found else None


def marked(url: str, hazard: Hazard) -> str:
    """The URL at which the same page does harm."""
    return f"{url}{'&' if '?' in url else '?'}utm_lab={hazard}"


def with_hazards(urls: Sequence[str], crashes: int, hangs: int, drips: int) -> list[str]:
    """The URLs, and evenly among their second half so many that crash and hang; at the end so many that drip."""
    crash: list[Hazard] = ["crash"]
    hang: list[Hazard] = ["hang"]
    harmful = crash * crashes + hang * hangs
    middle = len(urls) // 2
    among = list(urls[:middle])
    for number, url in enumerate(urls[middle:]):
        rest = len(urls) - middle
        due = range(-(-number * len(harmful) // rest), -(-(number + 1) * len(harmful) // rest))
        among += [*(marked(url, harmful[at]) for at in due), url]
    return among + [f"http://{_DRIPPING[n % len(_DRIPPING)]}/?utm_lab=drip&n={n}" for n in range(1, drips + 1)]
