"""Places that make new URLs for ever, for a crawl that follows links.

What ends each: a calendar, the depth (every step leads to two new months); paths that grow, the rule against deep and
repeating paths; queries that grow, the rule against many parameters; session ids of the usual names, that they are no
part of a URL. A session id of any other name cannot be told from what a page is called by, since a rule that guesses
would lose real pages: there `--max-per-host` is what helps.
"""

import re
from itertools import count
from typing import Final

from crawler.site.hostile.exchange import Exchange, page
from crawler.site.hostile.hazard import DEPTH, MAX_PER_HOST, MIB, TRAP, Hazard

_MONTH: Final = re.compile(r"/(\d+)/(\d+)")
_numbers = count(1)


def _links(*targets: str) -> str:
    return " ".join([f'<a href="{target}">more</a>' for target in targets])


async def _calendar(exchange: Exchange) -> None:
    found = _MONTH.match(exchange.path)
    months = int(found[1]) * 12 + int(found[2]) - 1 if found else 2026 * 12
    near = [f"/{other // 12}/{other % 12 + 1}" for other in (months - 1, months + 1)]
    await exchange.answer(body=page(f"nothing happens in month {months}", _links(*near)))


async def _repeating_path(exchange: Exchange) -> None:
    await exchange.answer(body=page(f"deep {len(exchange.path)}", _links("again/")))


async def _deepening_path(exchange: Exchange) -> None:
    await exchange.answer(body=page(f"deeper {len(exchange.path)}", _links(f"{len(exchange.path)}/")))


async def _growing_query(exchange: Exchange) -> None:
    await exchange.answer(
        body=page(f"filter {len(exchange.path)}", _links(f"{exchange.path}{'&' if '?' in exchange.path else '?'}f=1"))
    )


async def _session_in_query(exchange: Exchange) -> None:
    await exchange.answer(
        body=page(
            "shop with a session in the query", _links(*(f"/?PHPSESSID={next(_numbers):032x}" for _ in range(3)))
        )
    )


async def _session_in_path(exchange: Exchange) -> None:
    await exchange.answer(
        body=page(
            "shop with a session in the path", _links(*(f"/;jsessionid={next(_numbers):032X}" for _ in range(3)))
        )
    )


async def _session_unknown(exchange: Exchange) -> None:
    await exchange.answer(body=page("shop", _links(*(f"/?visit={next(_numbers)}" for _ in range(3)))))


HAZARDS: Final = (
    Hazard("calendar", "a calendar of all months", _calendar, requests=2 * DEPTH + 3, sent_bytes=MIB),
    Hazard(
        "repeating-path",
        "paths that repeat a folder once more",
        _repeating_path,
        then=((f"/{'again/' * 5}", TRAP),),
        requests=6,
    ),
    Hazard("deepening-path", "paths that are ever deeper", _deepening_path, requests=26),
    Hazard(
        "growing-query",
        "queries of ever more parameters",
        _growing_query,
        then=((f"/?{'&'.join(['f=1'] * 26)}", TRAP),),
        requests=27,
    ),
    Hazard("session-in-query", "a new PHPSESSID in each link", _session_in_query, requests=2),
    Hazard("session-in-path", "a new jsessionid in each link", _session_in_path, requests=2),
    Hazard("session", "a new visit=... in each link", _session_unknown, requests=MAX_PER_HOST + 1, sent_bytes=MIB),
)
