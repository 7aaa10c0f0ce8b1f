"""Which URLs of the hostile workload do harm, and how: a rule that the site's seeds and the lab's heart share.

    http://calendar.hostile.test/?lab=crash&n=1     whoever parses it dies of SIGSEGV
    http://calendar.hostile.test/?lab=hang&n=1      whoever parses it never returns, and keeps the GIL
    http://slow-drip.hostile.test/?lab=drip&n=1     a byte each 100 ms: whoever fetches it waits until the time-out

The server of the first two is harmless (`calendar` answers whatever it is asked with a small page): the harm is done
by the heart that the lab gives to each arm, as a bug in a parser would do it. The drip needs nobody's help.
"""

import re
from typing import Final, Literal, TypeAlias, cast, get_args

Hazard: TypeAlias = Literal["crash", "hang"]

FETCH_TIMEOUT_S: Final = 2.0
"""How long an arm waits for a page of the hostile workload: what a drip costs whoever waits for it."""

PAGE_DEADLINE_S: Final = 1.0
"""How long an arm that can kill its workers gives one page of the hostile workload (`AnalyzeSettings.deadline_s`)."""

_HARMLESS: Final = "calendar.hostile.test"
_DRIPPING: Final = ("slow-drip.hostile.test", "slow-headers.hostile.test")
_MARK: Final = re.compile(rf"[?&]lab=({'|'.join(get_args(Hazard))})(?:&|$)")


def hazard_of(url: str) -> Hazard | None:
    """What parsing the page at this URL must do, if it is marked."""
    found = _MARK.search(url)
    return cast("Hazard", found[1]) if found else None


def hazard_urls(crashes: int, hangs: int, drips: int) -> list[str]:
    """So many URLs of each kind, in turn."""
    marked = {"crash": crashes, "hang": hangs}
    urls = [f"http://{_HARMLESS}/?lab={kind}&n={n}" for kind, many in marked.items() for n in range(1, many + 1)]
    return urls + [f"http://{_DRIPPING[n % len(_DRIPPING)]}/?lab=drip&n={n}" for n in range(1, drips + 1)]
