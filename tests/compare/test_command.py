"""`crawler compare` as a user meets it: what it prints, what it leaves, what it exits with."""

import errno
import functools
import io
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec.structs import replace
from rich.console import Console

from crawler.cli import compare as command
from crawler.cli import comparing, primitives
from crawler.cli.pace import Pace
from crawler.compare import lab, lineup
from crawler.compare.lab import compare
from crawler.compare.order import Order, Step
from crawler.compare.primitives import tour
from crawler.compare.primitives.findings import Findings, read_findings
from crawler.compare.primitives.findings import to_json as to_json_of
from crawler.compare.result import Result, read_result, to_json
from crawler.store.lock import FolderLock
from tests.cli.conftest import Cli, cli  # noqa: F401
from tests.compare.contestants import interrupting
from tests.compare.examples import example, like_the_lab

REFERENCE, OTHER, UNABLE = "async+inline", "threads+inline", "async+processes@soup"
SMALL = (
    *("compare", "--strategies", f"{REFERENCE},{OTHER},{UNABLE}", "--workloads", "io", "--pages", "8"),
    *("--latency", "fixed:5ms", "--out", "out"),
)
KEPT = "results in out: result.json, comparison.md, report.html"
FILES = ["comparison.md", "report.html", "result.json"]


@pytest.fixture(autouse=True)
def _few_samples(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(lineup, "WANTED", 1)
    monkeypatch.setattr(lineup, "BESIDES", {False: (), True: ()})
    monkeypatch.setattr(lineup, "why_not", lambda arm: "is not for today" if arm.name == UNABLE else None)


def contestants(monkeypatch: pytest.MonkeyPatch, **modules: str) -> None:
    """Have the arm `OTHER` run by another module."""
    monkeypatch.setattr(comparing, "compare", functools.partial(compare, contestants={OTHER: modules["other"]}))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--strategies", "async+magic"], "crawler: --strategies: 'async+magic' is none of sequential+inline, "),
        (["--strategies", ""], "argument --strategies: '' names nothing; write names with commas between them; see "),
        (["--strategies", "-"], "argument --strategies: '-' names nothing; write names with commas between them"),
        (["--workloads", "io,magic"], "crawler: --workloads: 'magic' is none of io, cpu, mixed, hostile"),
        (["--reference", "nobody"], "crawler: --reference: 'nobody' is none of sequential+inline, "),
        (
            ["--latency", "slow"],
            "crawler: --latency: 'slow' is not understood; write none, fixed:50ms or lognormal:80ms,0.5",
        ),
        (["--page-kb", "0"], "argument --page-kb: '0' is no size of a page; give 1 to 10000, in KB"),
        (["--pages", "many"], "argument --pages: 'many' is no whole number from 1 to 100000"),
        (
            ["--hosts", "99"],
            "crawler: --hosts: 99 are not to be had, as each has a language of its own; give 1 to 10",
        ),
        (["--concurrency", "0"], "argument --concurrency: '0' is no whole number from 1 to 1000"),
        (["--sweep", "1,2"], "argument --sweep: '1,2' is no sweep; write concurrency=1,4,16,64,256"),
        (["--sweep", "concurrency=0"], "argument --sweep: '0' is no whole number from 1 to 1000"),
        (["--budget", "soon"], "argument --budget: 'soon' is no time above zero; write it as 30s, 500ms or 2m"),
        (["--budget", "5m", "--quick"], "--quick is a budget of its own; give it or --budget"),
        (["--json", "--markdown"], "--json and --markdown both want standard output; give one"),
        (["--language", "ja"], "--language is for --primitives"),
        (["--primitives", "--quick"], "--primitives is always the same measurement; leave --quick out"),
        (
            ["--primitives", "--page-kb", "3", "--against", "x.json"],
            "--primitives is always the same measurement; leave --page-kb, --against out",
        ),
        (
            ["--crossover", "--latency", "fixed:5ms", "--workloads", "io"],
            "--crossover has workloads and latencies of its own; leave --workloads, --latency out",
        ),
        (["--primitives", "--crossover"], "--primitives is always the same measurement; leave --crossover out"),
        (["--primitives", "--language", "tlh"], "argument --language: invalid choice: 'tlh'"),
        (["--against", "none.json"], "none.json: No such file or directory; give a file that --json wrote"),
        (["--out", "/proc/x"], "/proc/x: No such file or directory; give another folder with --out"),
        (["--nonsense"], "unrecognized arguments: --nonsense; see crawler compare --help"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(arguments: list[str], message: str, cli: Cli) -> None:  # noqa: F811
    said = cli("compare", *arguments)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert message in said.err


def test_the_reference_is_one_that_can_run_unless_another_is_named(
    cli: Cli,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def compared(order: Order, _tell: object) -> Result:
        asked.append(order.reference)
        return example()

    monkeypatch.setattr(comparing, "compare", compared)
    monkeypatch.setattr(comparing, "report_html", lambda *_: "")  # which takes its time, and is tested elsewhere
    monkeypatch.setattr(command, "why_not", lambda arm: "cannot" if arm.analyze == "interpreters" else None)
    for strategies in ("async+interpreters,async+inline", "async+processes@soup,async+inline", "async+interpreters"):
        cli("compare", "--strategies", strategies, "--out", "out")
    cli("compare", "--out", "out")
    cli("compare", "--strategies", "async+inline", "--reference", "async+interpreters", "--out", "out")
    usual = "async+processes"
    assert asked == ["async+inline", "async+inline", "async+interpreters", usual, "async+interpreters"]
    monkeypatch.setattr(command, "why_not", lambda arm: "no uvloop" if arm.loop == "uvloop" else None)
    cli("compare", "--out", "out")
    assert asked[-1] == "async+inline@asyncio"


def test_a_file_that_is_no_result_is_refused_before_anything_is_measured(cli: Cli) -> None:  # noqa: F811
    Path("old.json").write_text('{"version": 1}')
    said = cli("compare", "--against", "old.json")
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert said.err.startswith("crawler: old.json holds no comparison (")
    Path("file").touch()
    assert cli("compare", "--out", "file").err == "crawler: file: no folder but a file; give another with --out\n"


def unexpected(_order: Order, _tell: object) -> Result:
    raise AssertionError("measured all the same")


def test_a_result_of_another_machine_or_limit_is_refused_before_anything_is_measured(
    cli: Cli,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(comparing, "compare", unexpected)
    Path("old.json").write_bytes(to_json(example()))
    refused = "crawler: --against old.json: nothing can be compared with it ("
    elsewhere = cli("compare", "--against", "old.json")
    assert (elsewhere.code, elsewhere.err.count("\n"), elsewhere.err.startswith(refused)) == (2, 1, True)
    assert "measure both on one machine" in elsewhere.err
    monkeypatch.setattr(comparing, "environment", lambda: example().environment)
    other = cli("compare", "--against", "old.json", "--concurrency", "7")
    assert (other.code, other.err) == (2, f"{refused}{example().concurrency} pages in flight then and 7 now)\n")
    Path("old.json").write_bytes(to_json(like_the_lab(example())))
    less = cli("compare", "--against", "old.json", "--workloads", "io", "--pages", "8")
    assert (less.code, less.err) == (2, f"{refused}io: pages 160 then, 8 now)\n")


@pytest.mark.parametrize(
    "pages", ["--workloads io --pages 8", "http://192.0.2.1/"], ids=["built in", "to be recorded"]
)
def test_too_few_files_for_all_in_flight_are_known_before_anything_is_fetched(tmp_path: Path, pages: str) -> None:
    command = f"ulimit -n 64; exec {sys.executable} -m crawler compare --out {tmp_path}"
    said = subprocess.run(
        ["/bin/sh", "-c", f"{command} --strategies async+inline,async+threads {pages}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (said.returncode, said.stdout) == (2, "")
    short = r"only 64 files may be open \(ulimit -n\), so workers: \d+, pages in the air: \d+"
    mend = "raise the limit, or give a lower --concurrency"
    assert re.fullmatch(rf"crawler: async\+inline cannot have 32 in flight: {short}; {mend}\n", said.stderr)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("measurement", [("compare",), ("compare", "--primitives")])
def test_what_the_machine_refuses_is_told_in_a_line(
    cli: Cli,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    measurement: tuple[str, ...],
) -> None:
    def refused(*_: object) -> Result:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr(comparing, "compare", refused)
    monkeypatch.setattr(primitives, "measure_primitives", refused)
    said = cli(*measurement, "--out", "out")
    assert (said.code, said.err.count("\n")) == (70, 1)
    assert said.err.startswith("crawler: this machine refuses what ")
    assert said.err.endswith("Too many open files\n")


def test_a_folder_that_another_comparison_holds_is_left_alone(cli: Cli) -> None:  # noqa: F811
    Path("out").mkdir()
    lock = FolderLock(Path("out"))
    said = cli(*SMALL)
    lock.release()
    assert (said.code, said.out, list(Path("out").iterdir())) == (75, "", [])
    assert said.err == "crawler: out is in use by another run; wait for it, as they would disturb each other\n"


def test_a_comparison_tells_its_verdict_and_leaves_files_that_can_be_compared_with(
    cli: Cli,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lineup, "WANTED", 3)
    said = cli(*SMALL)
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[-1] == KEPT
    assert f"- not run: {UNABLE}: is not for today" in lines
    assert any(re.match(rf"{re.escape(REFERENCE)} +1\.00 +reference ", line) for line in lines)
    assert any(re.match(rf"{re.escape(OTHER)} +\d+\.\d+ \(\d+\.\d+-\d+\.\d+\) ", line) for line in lines)
    assert lines.index("Verdict") > len(lines) // 2
    assert sorted(path.name for path in Path("out").iterdir()) == FILES
    result = read_result(Path("out/result.json"))
    assert (set(result.arms), result.reference) == ({REFERENCE, OTHER}, REFERENCE)
    assert result.command == f"python -m crawler {' '.join(SMALL)}"
    assert "| strategy | times as fast as async+inline" in Path("out/comparison.md").read_text()
    assert Path("out/report.html").read_text().startswith("<!DOCTYPE html>")


def test_a_crossover_climbs_its_ladder_and_says_who_crosses_whom(
    cli: Cli,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)  # a fork server's socket wants a short name
    monkeypatch.setattr(lab, "WARM_UPS", 0)
    monkeypatch.setattr("crawler.compare.order.QUICK_BUDGET_S", 3_600.0)  # whatever a busy machine takes
    monkeypatch.setattr(lineup, "QUICK_WAITS", ("40ms", "none"))
    shards = "2x(async+inline)"
    few = ("--quick", "--pages", "6", "--page-kb", "4", "--out", "out")
    said = cli("compare", "--crossover", "--strategies", f"{REFERENCE},{shards}", *few)
    assert (said.code, said.err) == (0, "")
    assert re.search(r"^wait 40ms +\d.+\nno wait +\d.+ ∞ ", said.out, re.MULTILINE)
    assert "- With a latency of 40 ms too few samples say anything. With no latency " in said.out
    result = read_result(Path("out/result.json"))
    assert result.is_crossover
    assert set(result.arms) == {REFERENCE, "2×(async+inline)"}
    assert {one.workload for one in result.samples} == {"wait 40ms", "no wait"}
    assert all((one.analyze_cpu_s or 0) > 0 for one in result.samples)
    by_shards = next(one for one in result.samples if one.arm == "2×(async+inline)" and one.role == "measured")
    assert {"shard 1", "shard 2"} <= set(by_shards.uss_mib)
    assert "| wait 40ms |" in Path("out/comparison.md").read_text()
    assert "Where strategies cross" in Path("out/report.html").read_text()


def test_against_an_earlier_result_what_became_slower_is_told_by_name_and_by_exit_code(
    cli: Cli,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sound = tuple(one for one in example().samples if one.arm != "threads+threads")  # which miscounts
    earlier = like_the_lab(replace(example(), samples=sound))
    Path("earlier.json").write_bytes(to_json(earlier))
    monkeypatch.setattr(comparing, "environment", lambda: earlier.environment)
    monkeypatch.setattr(comparing, "report_html", lambda *_: "")  # which takes its time, and is tested elsewhere
    monkeypatch.setattr(comparing, "compare", lambda _order, _tell: earlier)
    same = cli("compare", "--against", "earlier.json", "--json", "--out", "out")
    assert (same.code, same.err) == (0, f"{KEPT}\n")
    assert json.loads(same.out) == json.loads(Path("earlier.json").read_bytes())
    slow = [replace(one, wall_s=1.5 * one.wall_s) if one.arm == "threads+processes" else one for one in sound]
    monkeypatch.setattr(comparing, "compare", lambda _order, _tell: replace(earlier, samples=tuple(slow)))
    slower = cli("compare", "--against", "earlier.json", "--out", "out")
    assert slower.code == 3
    told = "cpu: threads+processes takes 1.5 times"
    assert f"crawler: {told}" in slower.err
    assert slower.out.index("Since the earlier result") < slower.out.index(f"- {told}") < slower.out.index("Verdict")


def test_wrong_words_are_told_by_name_and_by_exit_code_however_quiet(
    cli: Cli,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    contestants(monkeypatch, other="tests.compare.contestants.miscounting")
    said = cli(*SMALL, "-q")
    assert (said.code, said.out, said.err.count("\n")) == (3, "", 1)
    assert said.err.startswith(f"crawler: io: {OTHER} is disqualified: ")


def test_what_cannot_be_kept_is_told_all_the_same(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(comparing, "report_html", lambda *_: "")
    monkeypatch.setattr(comparing, "compare", lambda _order, _tell: example())
    Path("out/result.json").mkdir(parents=True)
    said = cli(*SMALL, "--markdown")
    assert said.code == 74
    assert "| strategy | times as fast" in said.out
    assert said.err == "crawler: out/result.json: Is a directory\n"


@pytest.mark.parametrize(("which", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_an_interruption_keeps_what_was_measured(
    which: str,
    code: int,
    cli: Cli,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("out").mkdir()
    Path("out/result.json").write_bytes(b"an earlier one")
    contestants(monkeypatch, other=interrupting.__name__)
    monkeypatch.setenv(interrupting.LAB, str(os.getpid()))
    monkeypatch.setenv(interrupting.SIGNAL, which)
    said = cli(*SMALL)
    assert said.code == code
    assert read_result(Path("out/result.json")).stopped_by == which
    assert sorted(path.name for path in Path("out").iterdir()) == sorted([*FILES, "earlier.json"])
    assert Path("out/earlier.json").read_bytes() == b"an earlier one"


@pytest.mark.parametrize(("which", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_an_interruption_of_the_primitives_is_told(
    which: str,
    code: int,
    cli: Cli,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(_tell: object) -> Findings:
        signal.raise_signal(signal.Signals[which])
        raise AssertionError("went on")

    monkeypatch.setattr(primitives, "measure_primitives", interrupted)
    said = cli("compare", "--primitives", "--out", "out")
    assert (said.code, said.out) == (code, "")
    assert said.err == f"crawler: stopped by {which} before its end; nothing is kept\n"
    assert not list(Path("out").iterdir())


def test_a_comparison_that_measured_nothing_replaces_nothing(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    Path("out").mkdir()
    Path("out/result.json").write_bytes(b"an earlier one")
    nothing = replace(example(), samples=(), stopped_by="SIGTERM")
    monkeypatch.setattr(comparing, "compare", lambda _order, _tell: nothing)
    said = cli(*SMALL)
    assert (said.code, said.out) == (143, "")
    assert said.err == "crawler: stopped by SIGTERM before anything was measured\n"
    assert [path.read_bytes() for path in Path("out").iterdir()] == [b"an earlier one"]


@pytest.fixture
def minute() -> Step:
    return Step(done=3, planned=40, used_s=61.0, left_s=541.0, now="io: async+inline, round 1", last=None)


def test_on_a_terminal_a_bar_says_how_far_it_is(minute: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.cli.pace.time", SimpleNamespace(monotonic=lambda: 1_000.0))
    screen = io.StringIO()
    pace = Pace(Console(file=screen, force_terminal=True, width=100))
    with pace.view():
        pace.tell(minute)
    assert re.search(r"3 of about 40 samples, 1:01 so far, 9:01 to go", screen.getvalue())
    assert "io: async+inline, round 1" in screen.getvalue()


def test_elsewhere_a_line_a_minute_says_it(minute: Step) -> None:
    screen = io.StringIO()
    pace = Pace(Console(file=screen))
    with pace.view():
        for used_s in (0.0, 59.9, 61.0, 62.0, 110.0, 122.0):
            pace.tell(minute._replace(used_s=used_s))
    lines = screen.getvalue().splitlines()
    assert len(lines) == 2
    assert lines[0] == "crawler: 3 of about 40 samples, 1:01 so far, 9:01 to go: io: async+inline, round 1"


@pytest.mark.parametrize(("language", "title"), [("en", "Processes, threads and tasks, measured"), ("ja", "実測")])
def test_the_primitives_are_told_in_the_language_that_is_asked_for(
    language: str,
    title: str,
    cli: Cli,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def measured(tell: Callable[[tour.Step], None]) -> Findings:
        tell(tour.Step("gil", 6, 8, 20.0))
        return found

    found = read_findings(Path(__file__).parents[2] / "docs" / "concurrency.json")
    monkeypatch.setattr(primitives, "measure_primitives", measured)
    said = cli("compare", "--primitives", "--language", language, "--out", "out")
    assert (said.code, said.err) == (0, "")
    assert title in said.out.splitlines()[0]
    kept = sorted(path.name for path in Path("out").iterdir())
    assert said.out.splitlines()[-1] == f"results in out: {', '.join(sorted(kept))}"
    pasted = cli("compare", "--primitives", "--language", language, "--out", "out", "--markdown").out
    assert pasted == Path("out/primitives.md").read_text()
    as_json = cli("compare", "--primitives", "--out", "out", "--json").out
    assert json.loads(as_json) == json.loads(to_json_of(found))
