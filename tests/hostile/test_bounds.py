"""Each fault of the hostile site ends as its row says, within the bounds of its row, in every room and parser."""

import pytest

from crawler.exits import Exit
from crawler.site.hostile.catalog import HAZARDS
from tests.hostile.conftest import SLOW, TRUSTED, Crawled
from tests.hostile.crawling import PATIENCE

OBEYED = {"crash": ("failed: crashed",), "hang": ("failed: hung",)}
"""Pages that are harmless but for the analysis that this crawl has."""
UNDER_SOUP = {"open-comments": ("analysed", "failed: hung")}
"""Before 3.13.6 (CVE-2025-6069) Python's own HTML parser takes the square of their number; the deadline ends that."""
REASONS = {
    "self-signed": "self-signed certificate",
    "expired": "certificate has expired",
    "for.another": "match",
    "redirect-loop": "circle",
    "interim-flood": "more than 16 interim answers",
    "pdf": "a PDF",
    "robots-500": "robots.txt could not be had (500",
}
"""Words that the reason must hold, where the fault alone could have come about in another way."""
MAIN_MIB = 400
SLACK_S = 30.0
"""What a busy machine may add; the site itself would let go after two minutes."""
WORKER_MIB = 768 + 200
"""What a worker may grow by, and what it is before."""


@pytest.fixture(params=list(HAZARDS))
def name(crawled: Crawled, request: pytest.FixtureRequest) -> str:
    if request.param not in crawled.names:
        pytest.skip("waits for its whole time-out, one page after the other; async and threads crawl it")
    return str(request.param)


def test_it_ends_as_it_must(crawled: Crawled, name: str) -> None:
    for url, ends in HAZARDS[name].expected().items():
        allowed = OBEYED.get(name) or (crawled.parser == "soup" and UNDER_SOUP.get(name)) or ends
        assert crawled.end_of(url) in allowed, crawled.pages.get(url)
    if name in REASONS:
        assert REASONS[name] in crawled.pages[HAZARDS[name].url]["reason"]


def test_it_costs_no_more_than_it_may(crawled: Crawled, name: str) -> None:
    hazard = HAZARDS[name]
    tally = crawled.tallies.get(name, dict.fromkeys(("requests", "sent_bytes", "held_s", "with_cookies"), 0))
    assert tally["requests"] <= hazard.requests
    # What is sent until the time is up grows with the time.
    assert tally["sent_bytes"] <= (PATIENCE if name in SLOW else 1) * hazard.sent_bytes
    assert tally["held_s"] <= PATIENCE * hazard.held_s + SLACK_S
    assert tally["with_cookies"] == 0


def test_every_host_was_really_asked(crawled: Crawled) -> None:
    unreached = {"refused", "nxdomain"}
    assert crawled.tallies.keys() - {"trusted"} == {*crawled.names} - unreached
    for name, tally in crawled.tallies.items():
        assert tally["connections"] > 0, name


def test_nothing_but_the_certificate_was_wrong(crawled: Crawled) -> None:
    assert crawled.pages[TRUSTED]["status"] == 404


def test_no_process_needs_more_memory_than_it_may(crawled: Crawled) -> None:
    assert crawled.main_peak_kib < MAIN_MIB * 1024
    assert {url: kib for url, kib in crawled.worker_peaks_kib.items() if kib > WORKER_MIB * 1024} == {}


def test_the_crawl_goes_on_to_its_end_and_says_that_pages_crashed_the_parser(crawled: Crawled) -> None:
    assert crawled.exit_code == Exit.INCOMPLETE
