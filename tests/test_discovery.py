"""A crawl that follows links: it finds what is there, whatever the strategy, and minds its manners."""

import json
import re
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawler import (
    AnalyzeSettings,
    FetchSettings,
    FrontierSettings,
    RunSettings,
    Settings,
    StoreSettings,
    VisitSettings,
    crawl,
    loop,
)
from crawler.fetch.catalog import ROOMS
from crawler.report.summary import Summary
from tests.sites import Site


@pytest.fixture(scope="module")
def truth(site: Site) -> dict[str, Any]:
    return site.crawl_truth()


def explore(site: Site, out: Path, frontier: FrontierSettings, **others: Any) -> Summary:
    """Crawl from the index page of each host."""
    settings = Settings(
        fetch=FetchSettings(
            room=others.pop("fetch", "async"),
            concurrency=others.pop("concurrency", 16),
            connect_to=(site.connect_to,),
        ),
        analyze=replace(AnalyzeSettings(), **others.pop("analyze", {"workers": 2})),
        visit=VisitSettings(others.pop("shards", 0)),
        frontier=frontier,
        run=RunSettings(**others),
        store=StoreSettings(out=out),
    )
    indexes = [url for url in site.urls if url.count("/") == 3 and url.endswith("/")]

    async def main() -> Summary:
        return await crawl(indexes, settings)

    return loop.run(main(), "uvloop")


def states(out: Path) -> dict[str, tuple[str, str | None, int]]:
    connection = sqlite3.connect(out / "crawl.db")
    try:
        rows = connection.execute("SELECT url, state, reason, depth FROM urls").fetchall()
    finally:
        connection.close()
    assert len(rows) == len({url for url, *_ in rows}), "each URL once"
    return {url: (state, reason, depth) for url, state, reason, depth in rows}


def trespasses(site: Site) -> int:
    return int(json.loads(site.get("/stats.json"))["trespasses"])


@pytest.mark.parametrize("how", [*({"fetch": room} for room in ROOMS), {"shards": 3, "analyze": {}}], ids=str)
def test_a_deep_crawl_finds_the_whole_truth_and_trespasses_nowhere(
    how: dict[str, Any], site: Site, truth: dict[str, Any], tmp_path: Path
) -> None:
    before = trespasses(site)
    summary = explore(site, tmp_path, FrontierSettings(depth=10), **how)
    assert trespasses(site) == before
    assert (tmp_path / "words.csv").read_bytes() == site.true_words_of(truth["counted"])
    found = states(tmp_path)
    assert {url: depth for url, (_, _, depth) in found.items()} == truth["depths"] | {
        url: found[url][2] for url in truth["disallowed"]
    }
    named = {name: {url for url, (state, _, _) in found.items() if state == name} for name in summary.totals.states}
    assert named["robots"] == set(truth["disallowed"])
    assert named["noindex"] == set(truth["noindex"])
    assert named["analysed"] == set(truth["counted"])
    assert {url: found[url][1] for url in named["duplicate"]} == truth["twins"]
    assert not set(found) & set(truth["unreached"])
    assert summary.is_balanced and summary.discovered == len(found)
    assert found["http://en.crawler.test/private/secret.html"][1] == "robots.txt line 5: Disallow: /private/"


@pytest.mark.parametrize("depth", [0, 1, 2])
@pytest.mark.parametrize(("fetch", "concurrency"), [("async", 1), ("async", 32), ("threads", 5)])
def test_the_pages_at_a_depth_do_not_depend_on_who_comes_first(
    depth: int, fetch: str, concurrency: int, site: Site, truth: dict[str, Any], tmp_path: Path
) -> None:
    explore(site, tmp_path, FrontierSettings(depth=depth), fetch=fetch, concurrency=concurrency)
    near = [url for url in truth["counted"] if truth["depths"][url] <= depth]
    assert (tmp_path / "words.csv").read_bytes() == site.true_words_of(near)


def test_sitemaps_lead_to_what_no_page_links_to(site: Site, truth: dict[str, Any], tmp_path: Path) -> None:
    explore(site, tmp_path, FrontierSettings(depth=10, sitemaps=True))
    assert (tmp_path / "words.csv").read_bytes() == site.true_words_of([*truth["counted"], *truth["sitemap_only"]])
    summary = explore(site, tmp_path / "given", FrontierSettings(sitemap=("http://en.crawler.test/sitemap.xml",)))
    quiet = [url for url in truth["sitemap_only"] if url.startswith("http://en.")]
    assert {url for url, (state, _, _) in states(tmp_path / "given").items() if state == "analysed"} >= set(quiet)
    assert summary.is_complete


def test_every_courtesy_can_be_switched_off(site: Site, truth: dict[str, Any], tmp_path: Path) -> None:
    before = trespasses(site)
    rude = {"nofollow": "ignore", "noindex": "ignore"}
    explore(site, tmp_path, FrontierSettings(depth=10, robots="ignore"), analyze=rude)
    assert trespasses(site) > before
    everything = [*truth["counted"], *truth["disallowed"], *truth["noindex"], *truth["unreached"]]
    found = states(tmp_path)
    assert {url for url, (state, _, _) in found.items() if state == "analysed"} >= set(everything) - set(
        truth["twins"]
    )


def test_scope_and_patterns_keep_links_away_and_say_why(site: Site, tmp_path: Path) -> None:
    rules = FrontierSettings(depth=10, scope="prefix", exclude=(re.compile("/go/"),), include=(re.compile("test/"),))
    explore(site, tmp_path, rules)
    reasons = {(state, reason) for state, reason, _ in states(tmp_path).values() if reason}
    assert ("excluded", "--exclude /go/ is found in it") in reasons
    explore(site, tmp_path / "list", FrontierSettings(depth=3, scope="list"))
    found = states(tmp_path / "list")
    assert {state for state, _, depth in found.values() if depth == 0} == {"analysed"}
    assert {state for state, _, depth in found.values() if depth > 0} == {"out_of_scope"}


def test_a_budget_stops_early_and_the_same_command_carries_on_to_the_same_words(
    site: Site, truth: dict[str, Any], tmp_path: Path
) -> None:
    frontier = FrontierSettings(depth=10)
    codes = [explore(site, tmp_path, frontier, max_pages=60).exit_code for _ in range(2)]
    assert codes == [4, 4]
    summary = explore(site, tmp_path, frontier)
    assert (summary.exit_code, summary.run, summary.is_balanced) == (0, 1, True)
    assert (tmp_path / "words.csv").read_bytes() == site.true_words_of(truth["counted"])
    found = states(tmp_path)
    assert {url: found[url][2] for url in truth["depths"]} == truth["depths"]


def test_a_deadline_stops_early(site: Site, tmp_path: Path) -> None:
    summary = explore(site, tmp_path, FrontierSettings(depth=10), concurrency=1, deadline_s=0.01)
    assert (summary.exit_code, summary.session.stopped_by, summary.is_complete) == (4, "deadline", False)


def test_no_host_gives_more_pages_than_it_may(site: Site, tmp_path: Path) -> None:
    explore(site, tmp_path, FrontierSettings(depth=10, max_per_host=3))
    found = states(tmp_path)
    for index in [url for url, (_, _, depth) in found.items() if depth == 0]:
        of_host = [state for url, (state, _, _) in found.items() if url.startswith(index)]
        assert len(of_host) - of_host.count("over_limit") <= 3
        assert of_host.count("over_limit") > 0
