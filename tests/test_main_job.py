"""The main job: the words are true, and the same whatever the strategy."""

import itertools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import webencodings

from crawler import AnalyzeSettings, FetchSettings, RunSettings, Settings, StoreSettings, crawl, loop
from crawler.fetch.catalog import ROOMS as FETCH_ROOMS
from crawler.report.summary import Summary
from tests.sites import Site
from tests.workers.rooms import HERE as WORKER_ROOMS

DETECTED_AS = {"koi8-u": "koi8-r"}
"""Undeclared Russian in KOI8-R is found to be KOI8-U, which has the same letters and four more."""
PARSERS = ("turbo", "soup")
LOOPS = ("uvloop", "asyncio")
WORKERS = (1, 2, 8)
PRODUCT = [
    (fetch, analyze, parser, loop_name, workers)
    for fetch, analyze, parser, loop_name in itertools.product(FETCH_ROOMS, WORKER_ROOMS, PARSERS, LOOPS)
    for workers in (WORKERS if analyze != "inline" else WORKERS[:1])
]


def crawl_site(site: Site, out: Path, **analysis: Any) -> Summary:
    settings = Settings(
        fetch=FetchSettings(room=analysis.pop("fetch"), concurrency=16, connect_to=(site.connect_to,)),
        run=RunSettings(loop=analysis.pop("loop_name")),
        store=StoreSettings(out=out),
        analyze=replace(AnalyzeSettings(), **analysis),
    )

    async def main() -> Summary:
        return await crawl(site.seeds, settings)

    return loop.run(main(), settings.run.loop)


@pytest.fixture(scope="module")
def truth(site: Site) -> bytes:
    return site.true_words()


@pytest.mark.parametrize(("fetch", "analyze", "parser", "loop_name", "workers"), PRODUCT)
def test_every_strategy_gives_the_same_true_words(
    fetch: str, analyze: str, parser: str, loop_name: str, workers: int, site: Site, truth: bytes, tmp_path: Path
) -> None:
    summary = crawl_site(
        site, tmp_path, fetch=fetch, room=analyze, parser=parser, loop_name=loop_name, workers=workers
    )
    assert (tmp_path / "words.csv").read_bytes() == truth
    assert summary.totals.urls == summary.totals.analyzed + summary.totals.redirects + summary.totals.failed


@pytest.mark.parametrize(
    ("fetch", "analyze", "parser"), [("async", "processes", "turbo"), ("threads", "threads", "turbo")]
)
def test_the_whole_site_is_counted_word_for_word(
    fetch: str, analyze: str, parser: str, whole_site: Site, tmp_path: Path
) -> None:
    summary = crawl_site(
        whole_site, tmp_path, fetch=fetch, room=analyze, parser=parser, loop_name="uvloop", workers=2
    )
    truth = whole_site.truth()
    assert (tmp_path / "words.csv").read_bytes() == whole_site.true_words()
    pages = {page["url"]: page for page in map(json.loads, (tmp_path / "pages.jsonl").read_bytes().splitlines())}
    assert set(pages) == set(whole_site.urls), "one object for every URL"
    for url, page in truth["pages"].items():
        assert pages[url]["status"] == 200
        label = webencodings.lookup(page["charset"]).name
        if whole_site.page(url).isascii() and label != "iso-2022-jp":
            label = "utf-8"
        assert DETECTED_AS.get(pages[url]["charset"], pages[url]["charset"]) == label
        assert pages[url]["title"] == page["title"]
        assert pages[url]["language"] == page["language"]
        assert pages[url]["tokens"] == page["tokens"]
        assert pages[url]["distinct_words"] == len(page["words"])
    for url, target in truth["redirects"].items():
        while target in truth["redirects"]:
            target = truth["redirects"][target]  # noqa: PLW2901
        assert pages[url]["final_url"] == target
        assert pages[url]["fault"] is None
    for url, status in truth["errors"].items():
        assert (pages[url]["status"], pages[url]["fault"]) == (status, "status")
    assert summary.totals.failed == len(truth["errors"])
    assert summary.totals.tokens == sum(page["tokens"] for page in truth["pages"].values())
    assert summary.exit_code == 0
