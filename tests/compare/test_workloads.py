"""The work that every arm is given: all of it counts, all of it is ready, and the right answer is known before."""

import asyncio
import json
import urllib.request
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from crawler import AnalyzeSettings, FetchSettings, Settings, crawl
from crawler.compare.hazards import FETCH_TIMEOUT_S, hazard_of, marked, with_hazards
from crawler.compare.workloads import WORKLOADS, Served, Unfit, served
from crawler.frontier.retries import BY_FAULT, Retry
from crawler.model import Fault
from crawler.readers import ConnectTo
from crawler.report.summary import Summary
from crawler.settings import FrontierSettings, StoreSettings


async def crawled(work: Served, out: Path, *, fetch: str = "async", timeout_s: float = 30.0) -> Summary:
    rules = tuple(map(ConnectTo.read, work.connect_to))
    return await crawl(
        str(work.seeds),
        Settings(
            fetch=FetchSettings(room=fetch, connect_to=rules, timeout_s=timeout_s),
            analyze=AnalyzeSettings(room="threads", workers=1, strip_params=()),
            frontier=FrontierSettings(delay_s=0, per_host=32, robots="ignore"),
            store=StoreSettings(out=out),
        ),
    )


@pytest.mark.parametrize("name", [name for name, workload in WORKLOADS.items() if workload.is_ranked])
@pytest.mark.parametrize("fetch", ["async", "threads"])
def test_the_right_words_are_those_of_a_crawl_in_which_every_page_counts(
    name: str, fetch: str, tmp_path: Path
) -> None:
    workload = WORKLOADS[name].resized(latency="none", pages=24)
    with served(workload, tmp_path) as work:
        summary = asyncio.run(crawled(work, tmp_path / "out", fetch=fetch))
        assert summary.totals.states == {"analysed": 24}
        assert sha256((tmp_path / "out" / "words.csv").read_bytes()).hexdigest() == work.work.words
        assert summary.session.bytes == work.work.body_bytes


def test_other_pages_have_other_words(tmp_path: Path) -> None:
    workload = WORKLOADS["io"].resized(latency="none", pages=8)
    digests = set()
    for other in (workload, replace(workload, seed=2), workload.resized(pages=9), workload.resized(page_kb=6)):
        with served(other, tmp_path) as work:
            digests.add(work.work.words)
    assert len(digests) == 4


def test_the_same_workload_is_the_same_work(tmp_path: Path) -> None:
    workload = WORKLOADS["mixed"].resized(latency="lognormal:1ms", pages=12)
    with served(workload, tmp_path) as first:
        seeds = first.seeds.read_bytes()
    with served(workload, tmp_path) as second:
        timed = structs.replace(second.work, bandwidth_s=first.work.bandwidth_s)
        assert (first.work, seeds) == (timed, second.seeds.read_bytes())


def test_every_page_is_asked_for_once_before_the_clock_starts(tmp_path: Path) -> None:
    with served(WORKLOADS["io"].resized(latency="none", pages=12), tmp_path) as work:
        rule = ConnectTo.read(work.connect_to[0])
        with urllib.request.urlopen(f"http://{rule.address}:{rule.address_port}/stats.json", timeout=30) as answer:
            asked = json.loads(answer.read())["requests_by_host"]
    assert asked == {f"{code}.crawler.test": 3 for code in ("en", "ja", "de", "fr")}


def test_what_bounds_every_arm_is_known(tmp_path: Path) -> None:
    with served(WORKLOADS["io"].resized(latency="fixed:10ms", pages=10), tmp_path) as work:
        assert work.work.delays_s == pytest.approx(0.1)
        assert work.work.longest_delay_s == pytest.approx(0.01)
        assert work.work.politeness_s == 0
        assert 0 < work.work.bandwidth_s < work.work.deadline_s
        assert work.work.deadline_s > 30
        assert Path(f"/proc/{work.site_pid}").exists()


def test_among_hazards_the_innocent_pages_are_what_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody does the harm here, so what is marked is a page twice; a drip is waited for in vain: nothing is lost."""
    monkeypatch.setitem(BY_FAULT, Fault.TIMEOUT, Retry(1, 0.0))
    with served(WORKLOADS["hostile"].resized(latency="none", pages=8), tmp_path) as work:
        urls = work.seeds.read_text(encoding="utf-8").split()
        harms = [hazard_of(url) for url in urls]
        assert harms[:4] == [None] * 4, "they come when half of the pages are behind an arm"
        assert [harm for harm in harms if harm] == ["crash"] * 3 + ["hang"] * 2
        assert (work.work.pages, work.work.is_ranked) == (8, False)
        innocent = [url for url in urls if ".crawler.test" in url and not hazard_of(url)]
        work.seeds.write_text("\n".join([*innocent, urls[harms.index("crash")]]), encoding="utf-8")
        summary = asyncio.run(crawled(work, tmp_path / "out"))
        work.seeds.write_text(urls[-1], encoding="utf-8")
        dripping = asyncio.run(crawled(work, tmp_path / "dripping", timeout_s=FETCH_TIMEOUT_S))
    assert (len(innocent), summary.totals.states) == (8, {"analysed": 8, "duplicate": 1})
    assert (dripping.totals.states, dripping.totals.faults) == ({"failed": 1}, {"timeout": 1})


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"latency": "slow"}, "latency", "'slow' is not understood; write none, fixed:50ms or lognormal:80ms,0.5"),
        ({"hosts": 0}, "hosts", "0 are not to be had, as each has a language of its own; give 1 to 10"),
        ({"hosts": 11}, "hosts", "11 are not to be had, as each has a language of its own; give 1 to 10"),
        ({"pages": 3}, "pages", "3 are too few for io, which has 4 hosts; give 4 or more"),
        ({"page_kb": 0.5}, "page_kb", "0.5 is no size of a page; give 1 to 10,000"),
        ({"page_kb": 20_000}, "page_kb", "20000 is no size of a page; give 1 to 10,000"),
        (
            {"page_kb": 5_000},
            "page_kb",
            "io would have 160 pages of 5000 KB, and the site keeps 192 MB ready; give fewer or smaller ones",
        ),
        (
            {"pages": 90_000},
            "pages",
            "io would have 90000 pages of 4 KB, and the site keeps 192 MB ready; give fewer or smaller ones",
        ),
    ],
)
def test_a_size_that_cannot_be_is_refused_by_the_name_of_its_field(
    change: dict[str, Any], field: str, reason: str
) -> None:
    with pytest.raises(Unfit) as refused:
        WORKLOADS["io"].resized(**change)
    assert (refused.value.field, refused.value.why) == (field, reason)


@pytest.mark.parametrize("hosts", range(1, 11))
def test_a_workload_with_japanese_speaks_it_on_however_few_hosts(hosts: int) -> None:
    for name in ("cpu", "mixed"):
        languages = WORKLOADS[name].resized(hosts=hosts).site.languages
        assert len(languages) == hosts
        assert "ja" in languages


def test_a_marked_url_is_known_by_its_mark() -> None:
    assert hazard_of(marked("http://a.test/", "crash")) == "crash"
    assert hazard_of(marked("http://a.test/x?y=1", "hang") + "&n=2") == "hang"
    assert hazard_of("http://a.test/?utm_lab=crashed") is None
    assert hazard_of("http://a.test/?sutm_lab=crash") is None
    assert hazard_of("http://a.test/utm_lab=crash") is None


def test_hazards_lie_evenly_among_the_second_half() -> None:
    urls = [f"http://a.test/{n}" for n in range(20)]
    made = with_hazards(urls, 3, 2, 1)
    assert [url for url in made[:-1] if not hazard_of(url)] == urls
    assert [at for at, url in enumerate(made) if hazard_of(url)] == [10, 13, 16, 19, 22]
    assert "drip" in made[-1] and hazard_of(made[-1]) is None
    assert with_hazards(urls, 0, 0, 0) == urls
