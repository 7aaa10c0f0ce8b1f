"""The whole table."""

from typing import Any, Final

from crawler.site.hostile import codings, headers, labels, markup, redirects, robots, tls, traps, wire
from crawler.site.hostile.hazard import DEPTH, MAX_PER_HOST, TIMEOUT_S, Hazard

HAZARDS: Final[dict[str, Hazard]] = {
    hazard.name: hazard
    for part in (wire, tls, headers, redirects, codings, labels, markup, robots, traps)
    for hazard in part.HAZARDS
}

SETTINGS: Final = {"timeout": f"{TIMEOUT_S}s", "depth": DEPTH, "max-per-host": MAX_PER_HOST}
"""The options of a crawl that must keep to the bounds."""


def seeds() -> list[str]:
    """The URLs that a crawl of all faults begins with."""
    return [hazard.url for hazard in HAZARDS.values()]


def expected() -> dict[str, Any]:
    """The table as JSON has it."""
    return {
        "settings": SETTINGS,
        "hosts": {
            name: {
                "does": hazard.does,
                "urls": hazard.expected(),
                "bounds": {
                    "requests": hazard.requests,
                    "sent_bytes": hazard.sent_bytes,
                    "held_s": hazard.held_s,
                },
            }
            for name, hazard in HAZARDS.items()
        },
    }
