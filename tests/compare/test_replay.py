"""A site is recorded once and then left alone: what is served in its place, and how `compare` is told of it."""

import gzip
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import psutil
import pytest

from crawler.cli import comparing
from crawler.cli.recording import standing
from crawler.compare import lineup
from crawler.compare.lab import compare
from crawler.compare.order import Order
from crawler.compare.recording import recorder
from crawler.compare.recording.reading import read_recording
from crawler.compare.recording.replayed import replayed
from crawler.compare.recording.warc import WarcFile
from crawler.compare.recording.workload import Recorded
from crawler.compare.result import Result, read_result
from crawler.compare.workloads import Served
from crawler.frontier.hosts import Outlook
from crawler.model import Page, Timings
from crawler.progress import Progress
from crawler.readers import ConnectTo, destination
from crawler.report.counts import counted
from crawler.site.process import SiteProcess, start_site
from crawler.site.settings import SiteSettings
from tests.cli.conftest import Cli, cli  # noqa: F401
from tests.compare.examples import example

ARM = "async+inline"
HTML = (("content-type", "text/html"),)
WAIT_S, BODY_S = 0.2, 0.15
PAGES = (
    Page("https://slow.example/a?b=c", 200, HTML, b"<p>" + b"slow " * 2_000, Timings(0.5, 0.5, WAIT_S, BODY_S)),
    Page("http://[::1]:8080/", 200, HTML, b"<p>six", Timings()),
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("recording")
    file = WarcFile(folder / "two.warc.gz", {})
    for page in PAGES:
        file.add(page)
    file.close()
    with replayed(Recorded(file.path), folder) as work:
        yield work


def connection_to(work: Served) -> http.client.HTTPConnection:
    rule = ConnectTo.read(work.connect_to[0])
    return http.client.HTTPConnection(rule.address, rule.address_port, timeout=30)


def asked(connection: http.client.HTTPConnection, host: str, target: str) -> tuple[int, bytes, float, float]:
    """The status, the body, and the seconds until the header and from there to the end."""
    began = time.perf_counter()
    connection.request("GET", target, headers={"Host": host})
    answer = connection.getresponse()
    answered = time.perf_counter()
    body = answer.read()
    return answer.status, body, answered - began, time.perf_counter() - answered


def test_a_page_takes_as_long_as_it_took_and_the_connection_stays_open(served: Served) -> None:
    with closing(connection_to(served)) as connection:
        for _ in range(2):
            status, body, wait_s, body_s = asked(connection, "SLOW.example", "/a?b=c")
            assert (status, body) == (200, PAGES[0].body)
            assert wait_s > WAIT_S - 0.01
            assert wait_s + body_s > WAIT_S + BODY_S - 0.02
        assert asked(connection, "[::1]:8080", "/")[:2] == (200, b"<p>six")
        assert asked(connection, "slow.example", "/a?b=d")[:2] == (404, b"")
        assert asked(connection, "other.example", "/a?b=c")[:2] == (404, b"")


def test_whatever_an_arm_asks_for_it_can_reach_nothing_but_the_recording(served: Served) -> None:
    rules = tuple(map(ConnectTo.read, served.connect_to))
    place = ("127.0.0.1", rules[0].address_port)
    for host, port in (("slow.example", 80), ("slow.example", 443), ("[::1]", 8080), ("192.0.2.1", 25), ("other", 1)):
        assert destination(rules, host, port) == place


def test_the_work_says_what_bounds_it(served: Served) -> None:
    work = served.work
    assert served.seeds.read_text(encoding="utf-8").split() == ["http://slow.example/a?b=c", "http://[::1]:8080/"]
    assert (work.name, work.pages, work.hosts, work.politeness_s) == ("two", 2, 2, 0.0)
    assert work.delays_s == work.longest_delay_s == pytest.approx(WAIT_S + BODY_S)
    assert work.latency == "as recorded, 175 ms in the middle"
    assert work.deadline_s > 30
    assert list(served.seeds.parent.glob("*.pages")) == [], "the server has read it"


@pytest.fixture
def own_site() -> Iterator[SiteProcess]:
    with start_site(SiteSettings(pages=10, min_kb=1, max_kb=4, latency="fixed:20ms")) as site:
        yield site


@pytest.fixture
def _few_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lineup, "WANTED", 1)
    monkeypatch.setattr(lineup, "BESIDES", {False: (), True: ()})


def seeds_of(site: SiteProcess, path: Path) -> list[str]:
    with closing(http.client.HTTPConnection(site.host, site.port, timeout=30)) as connection:
        connection.request("GET", "/seeds.txt", headers={"Host": "en.crawler.test"})
        path.write_bytes(connection.getresponse().read())
    return [part for rule in site.connect_to for part in ("--connect-to", rule)]


@pytest.mark.usefixtures("_few_samples")
def test_a_site_is_recorded_and_compared_on_after_it_is_gone(
    cli: Cli,  # noqa: F811
    own_site: SiteProcess,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = seeds_of(own_site, Path("mine.txt"))

    def once_it_is_gone(*arguments: object, **more: object) -> object:
        own_site.close()
        assert not psutil.pid_exists(own_site.pid)
        return compare(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(comparing, "compare", once_it_is_gone)
    said = cli("compare", "mine.txt", "--strategies", ARM, "--out", "out", "--delay", "10ms", *there)
    assert said.code == 0, said.err
    result = read_result(Path("out/result.json"))
    [work] = result.works
    assert (work.name, work.pages) == ("mine", 10)
    assert {sample.words for sample in result.samples} == {work.words}
    assert {(sample.lost, sample.failure) for sample in result.samples} == {(0, "")}
    assert work.delays_s > 10 * 0.018, "the site's latency, by a clock of whole milliseconds"
    told = re.search(r"recorded 10 pages \(.+ MB\) of (\d+) URLs \(redirects (\d+), status (\d+)\) in", said.err)
    assert told, said.err
    urls, *others = map(int, told.groups())
    assert urls == 10 + sum(others), "what became of each is told"
    assert "python -m crawler compare --replay out/mine.warc.gz compares on them again" in said.err
    assert "mine: pages of your own, as recorded on " in said.out
    assert "no DNS, no TLS" in said.out
    assert sorted(path.name for path in Path("out").iterdir()) == [
        *("comparison.md", "mine.warc.gz", "report.html", "result.json"),
    ]
    words = work.words
    again = cli("compare", "--replay", "out/mine.warc.gz", "--strategies", ARM, "--out", "again", "--json")
    assert again.code == 0
    assert read_result(Path("again/result.json")).works[0].words == words


@pytest.mark.parametrize(("signals", "has_page"), [(1, True), (2, True), (2, False)])
def test_ctrl_c_keeps_what_was_recorded_and_says_how_to_go_on(
    signals: int,
    has_page: bool,
    tmp_path: Path,
    own_site: SiteProcess,
    eventually: Callable[[Callable[[], bool]], None],
) -> None:
    """One page never comes: it is waited for until its server goes, or until the second Ctrl-C."""
    there = seeds_of(own_site, tmp_path / "mine.txt")
    pages = (tmp_path / "mine.txt").read_text(encoding="utf-8").split()[:1] if has_page else []
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.warc.gz").write_bytes(b"earlier")
    command = [sys.executable, "-m", "crawler", "compare", "mine.txt", "--out", "out", *there]
    with socket.create_server(("127.0.0.1", 0)) as silent:
        seeds = [*pages, f"http://127.0.0.1:{silent.getsockname()[1]}/never"]
        (tmp_path / "mine.txt").write_text("\n".join(seeds))
        with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, env=os.environ, text=True) as process:
            assert process.stderr is not None
            silent.settimeout(60)
            asking, _ = silent.accept()
            eventually(lambda: not pages or is_recorded(out / "mine.warc.gz.part"))
            process.send_signal(signal.SIGINT)
            said = ""
            while "once more stops at once" not in said:
                said += process.stderr.readline()
            if signals > 1:
                process.send_signal(signal.SIGINT)
            else:
                asking.close()
            said += process.stderr.read()
            asking.close()
    assert process.returncode == 130
    assert f"recording mine.txt once, politely (1 s between two at a host): {counted(len(seeds), 'URL')} to" in said
    told = re.search(r"stopping: (1 page|2 pages) in flight to be finished first", said)
    assert told and (has_page or told[1] == "1 page"), "a page that is recorded is about to land"
    assert "Traceback" not in said
    if not has_page:
        assert "stopped by SIGINT while recording: nothing was recorded" in said
        assert {path.name: path.read_bytes() for path in out.iterdir()} == {"mine.warc.gz": b"earlier"}
        return
    assert (
        "stopped by SIGINT while recording: what was recorded is in out/mine.warc.gz; to compare on it:"
        " python -m crawler compare --replay out/mine.warc.gz" in said
    )
    assert len(read_recording(out / "mine.warc.gz").pages) == 1
    assert (out / "mine.earlier.warc.gz").read_bytes() == b"earlier"
    assert sorted(path.name for path in out.iterdir()) == ["mine.earlier.warc.gz", "mine.warc.gz"]


def is_recorded(path: Path) -> bool:
    """Whether a page is in the file, and what was said of its fetch."""
    return path.exists() and path.read_bytes().count(b"\x1f\x8b\x08") >= 3


def test_a_recording_that_is_full_says_so(
    cli: Cli,  # noqa: F811
    own_site: SiteProcess,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = seeds_of(own_site, Path("mine.txt"))
    monkeypatch.setattr(recorder, "MOST_BYTES", 4_000)
    monkeypatch.setattr(comparing, "compare", lambda _order, _tell: example())
    monkeypatch.setattr(comparing, "report_html", lambda *_: "")
    said = cli("compare", "mine.txt", "--out", "out", "--quiet", *there)
    assert said.out == ""
    assert said.err.startswith("crawler: the recording is full: later pages are not in it\n")
    assert 0 < len(read_recording(Path("out/mine.warc.gz")).pages) < 10


def test_where_nothing_can_be_recorded_nothing_is_compared(cli: Cli) -> None:  # noqa: F811
    Path("mine.txt").write_text("http://127.0.0.1:1/\n")
    said = cli("compare", "mine.txt")
    assert (said.code, said.out) == (1, "")
    assert "mine.txt: no page was recorded of 1 URL (connect 1); nothing can be compared" in said.err
    assert list(Path("output/compare").iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.txt"], "none.txt: No such file or directory; give a file of URLs, a URL, or - for stdin"),
        ([""], "an empty name is no file of seeds; give a file of URLs, a URL, or - for stdin"),
        (["mailto:x@example.org://"], "…@example.org://: its scheme is not crawled"),
        (
            ["mine.txt", "--replay", "x.warc.gz"],
            "--replay has its pages from a recording, and SEEDS are to be recorded",
        ),
        (
            ["--depth", "1", "--delay", "2s"],
            "--depth, --delay: only a recording asks for that; name the SEEDS to record",
        ),
        (["mine.txt", "--depth", "deep"], "--depth: 'deep' is no whole number from 0 to 500"),
        (
            ["mine.txt", "--latency", "fixed:5ms"],
            "--latency: recorded pages are replayed as they are; leave it out, or",
        ),
        (["mine.txt", "--pages", "5", "--hosts", "2"], "--pages, --hosts: recorded pages are replayed as they are"),
        (["mine.txt", "--strategies", "magic"], "--strategies: 'magic' is none of"),
        (["--replay", "none.warc.gz"], "none.warc.gz: No such file or directory; give a WARC file with --replay"),
        (["--replay", "mine.txt"], "mine.txt is no WARC file, or damaged (Unknown archive format, first line: "),
        (["--primitives", "mine.txt"], "--primitives is always the same measurement; leave SEEDS out"),
    ],
)
def test_bad_input_is_one_line_and_asks_nobody_for_anything(
    arguments: list[str],
    message: str,
    cli: Cli,  # noqa: F811
) -> None:
    Path("mine.txt").write_text("http://192.0.2.1/\n")
    said = cli("compare", *arguments)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1), said.err
    assert message in said.err


def test_how_long_a_recording_takes_is_what_courtesy_asks_for_at_least() -> None:
    progress = Progress()
    assert standing(progress, 1.0) == "recording: 0 of 0 URLs, 0.0 MB"

    class Frontier:
        settled, in_flight, waiting = 4, 0, 26

        def outlook(self, _now: float) -> Outlook:
            return Outlook(waiting=26, hosts=2, delayed=26, delayed_hosts=2, next_s=0.5)

    progress.begin(cast("Any", Frontier()), 8, 0)
    progress.visits, progress.bytes = 4, 2_500_000
    progress.look(0.0)
    assert standing(progress, 5.0) == (
        "recording: 4 of 30 URLs, 2.5 MB, about 1:05 to go; 26 of 26 URLs wait for 2 hosts' delay; next in 0.5 s"
    )


def test_secrets_meant_for_the_site_are_kept_nowhere(
    cli: Cli,  # noqa: F811
    own_site: SiteProcess,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    orders: list[Order] = []

    def compared(order: Order, _tell: object) -> Result:
        orders.append(order)
        return example()

    there = seeds_of(own_site, Path("mine.txt"))
    url = Path("mine.txt").read_text(encoding="utf-8").split()[0].replace("http://", "http://me:hidden@")
    monkeypatch.setattr(comparing, "compare", compared)
    monkeypatch.setattr(comparing, "report_html", lambda *_: "")
    headers = ("--header", "Cookie: hidden=1", "--header=X-Key: hidden")
    said = cli("compare", url, "--out", "out", "--contact", "mailto:me@example.org", *headers, *there)
    [order] = orders
    assert "hidden" not in order.command + said.out + said.err
    assert "--header … --header=… " in order.command.replace("'", "")
    assert "--contact mailto:me@example.org" in order.command
    assert order.recording is not None
    assert order.recording.name.endswith(".crawler.test.warc.gz")
    assert b"hidden" not in gzip.decompress(order.recording.read_bytes())
