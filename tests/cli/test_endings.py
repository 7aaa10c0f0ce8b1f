"""How a run may end: interrupted, killed, or brought down by a page; and that the same command carries on."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from crawler.site.process import start_site
from crawler.site.settings import SiteSettings
from tests.sites import Site

ROOT = Path(__file__).parents[2]
Eventually = Callable[[Callable[[], bool]], None]
LONG = ("--delay", "10s")
"""So that a crawl has pages to come for half a minute, however late it is met in the middle."""
pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def slow_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site whose pages take a moment each, so that a crawl can be met in the middle."""
    with start_site(SiteSettings(pages=40, min_kb=2, max_kb=8, latency="fixed:150ms")) as process:
        yield Site(process, tmp_path_factory.mktemp("slow-site"))


@pytest.fixture(scope="module")
def words(slow_site: Site) -> bytes:
    return slow_site.true_words()


class Running:
    """A crawl in a session of its own, so that its whole family can be signalled and counted."""

    def __init__(self, site: Site, folder: Path, *flags: str) -> None:
        self.out = folder / "out"
        self.command = [
            *(sys.executable, "-m", "crawler", str(site.seeds), "--connect-to", str(site.connect_to)),
            *("--out", str(self.out), "--concurrency", "4", "--workers", "2", "--robots", "ignore", *flags),
        ]
        self.environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    def start(self) -> "subprocess.Popen[str]":
        """Begin a crawl that takes long."""
        self.process = subprocess.Popen(
            [*self.command, *LONG],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment,
            start_new_session=True,
        )
        return self.process

    def to_end(self) -> "subprocess.CompletedProcess[str]":
        """The same crawl as quickly as it is by default."""
        return subprocess.run(self.command, capture_output=True, text=True, env=self.environment, check=False)

    def lines(self) -> int:
        path = self.out / "pages.jsonl"
        return path.read_bytes().count(b"\n") if path.exists() else 0

    def family(self) -> list[int]:
        """The processes of the session, and of the group that its fork server made for itself."""
        found = []
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = path.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == self.process.pid and fields[0] != "Z":
                found.append(int(path.parent.name))
        return found


@pytest.fixture(params=["async", "threads"])
def running(request: pytest.FixtureRequest, slow_site: Site, tmp_path: Path) -> Iterator[Running]:
    crawl = Running(slow_site, tmp_path, "--fetch", request.param)
    yield crawl
    for pid in crawl.family():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize(("which", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_one_signal_to_the_whole_group_drains_saves_and_exits_and_the_same_command_carries_on(
    which: signal.Signals, code: int, running: Running, words: bytes, slow_site: Site, eventually: Eventually
) -> None:
    with running.start() as process:
        eventually(lambda: running.lines() > 4)
        os.killpg(process.pid, which)
        out, err = process.communicate()
    assert process.returncode == code
    assert err.count("\n") == 1
    assert err.startswith("crawler: stopping: ") and "in flight to be finished first; once more" in err
    assert "Stopped early by SIG" in out.splitlines()[-1]
    assert out.splitlines()[-1].endswith(f"results in {running.out}; the same command carries on.")
    eventually(lambda: not running.family())
    settled = running.lines()
    assert 4 < settled < len(slow_site.urls)
    summary = json.loads((running.out / "summary.json").read_bytes())
    assert summary["is_complete"] is False
    assert summary["totals"]["urls"] == settled
    rest = running.to_end()
    left = len(slow_site.urls) - settled
    assert rest.stdout.startswith(f"Resuming run 1: {left} of {len(slow_site.urls)} URLs left, from ")
    assert rest.returncode == 0
    assert (running.out / "words.csv").read_bytes() == words
    pages = [json.loads(line)["url"] for line in (running.out / "pages.jsonl").read_bytes().splitlines()]
    assert sorted(pages) == sorted(slow_site.urls), "each once"


def test_a_second_signal_stops_at_once(running: Running, eventually: Eventually) -> None:
    running.command += ["--timeout", "60s"]
    with running.start() as process:
        eventually(lambda: running.lines() > 4)
        os.killpg(process.pid, signal.SIGINT)
        assert process.stderr is not None
        assert process.stderr.readline().startswith("crawler: stopping: ")
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate()
    assert process.returncode == 130
    assert err in ("crawler: stopped at once; the same command carries on\n", "")
    eventually(lambda: not running.family())


def test_a_killed_run_carries_on_and_leaves_nothing_behind(
    running: Running, words: bytes, slow_site: Site, eventually: Eventually
) -> None:
    for _ in range(2):
        before = running.lines()
        with running.start() as process:
            eventually(lambda: running.lines() > before + 4)  # noqa: B023 - called before the next round
            process.kill()
            process.communicate()
        eventually(lambda: not running.family())
    assert running.to_end().returncode == 0
    assert (running.out / "words.csv").read_bytes() == words
    pages = [json.loads(line)["url"] for line in (running.out / "pages.jsonl").read_bytes().splitlines()]
    assert sorted(pages) == sorted(slow_site.urls), "each once"


HOSTILE = """
import ctypes, sys
import crawler.rooms
from crawler.analyze.page import analyze as well
from tests.workers.deeds import REGEX_THAT_NEVER_ENDS

def analyze(page, settings):
    if page.url.endswith({culprit!r}):
        match {deed!r}:
            case "segfault": ctypes.string_at(0)
            case "hang": REGEX_THAT_NEVER_ENDS.search("a" * 64 + "!")
            case "balloon":
                hoard = []
                while True: hoard.append(bytearray(2 ** 26))
    return well(page, settings)

if __name__ == "__main__":
    from crawler.cli.main import run_command
    from dataclasses import replace
    import crawler.cli.parser
    configure = crawler.cli.parser.configure
    def impatient(layers):
        settings = configure(layers)
        return replace(settings, analyze=replace(settings.analyze, deadline_s=5.0 if {deed!r} == "hang" else 300.0))
    crawler.cli.parser.configure = impatient
    crawler.rooms.open_rooms.__kwdefaults__["reader"] = analyze
    sys.exit(run_command(sys.argv[1:]))
"""


@pytest.mark.parametrize(("deed", "fault"), [("segfault", "crashed"), ("hang", "hung"), ("balloon", "memory")])
def test_a_page_that_brings_its_parser_down_is_named_and_the_exit_code_is_3(
    deed: str, fault: str, site: Site, tmp_path: Path
) -> None:
    culprit = next(url for url in site.truth()["pages"] if url.startswith("http://ja"))
    script = tmp_path / "hostile.py"
    script.write_text(HOSTILE.format(culprit=culprit, deed=deed))
    crawl = Running(site, tmp_path)
    crawl.command = [sys.executable, str(script), *crawl.command[3:]]
    done = crawl.to_end()
    assert done.returncode == 3, done.stderr
    assert done.stderr == ""
    pages = {page["url"]: page for page in map(json.loads, (crawl.out / "pages.jsonl").read_bytes().splitlines())}
    assert (pages[culprit]["fault"], pages[culprit]["stage"]) == (fault, "analyze")
    assert [url for url, page in pages.items() if page["stage"] == "analyze"] == [culprit], "nobody else is harmed"
    assert sorted(pages) == sorted(site.urls)
    assert "Done, but 1 page brought the parser down: 39 pages analysed" in done.stdout


@pytest.mark.parametrize("flags", [(), ("--shards", "2")])
def test_streams_that_are_closed_harm_nothing(slow_site: Site, tmp_path: Path, flags: tuple[str, ...]) -> None:
    """Without them the first sockets got their numbers, and libuv aborted the process when it closed one."""
    command = [sys.executable, "-m", "crawler", slow_site.urls[0], "--out", str(tmp_path / "out")]
    closing = ["bash", "-c", 'exec "$@" <&- >&- 2>&-', "-", *command, "--connect-to", str(slow_site.connect_to)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([*closing, "--json", *flags], env=environment, check=False)
    assert done.returncode == 0


def test_a_standard_input_that_is_closed_has_no_urls_in_it(tmp_path: Path) -> None:
    command = [
        "bash",
        "-c",
        'exec "$@" <&-',
        "-",
        sys.executable,
        "-m",
        "crawler",
        "-",
        "--out",
        str(tmp_path / "out"),
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
