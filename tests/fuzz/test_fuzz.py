"""Each target for a moment, always on the same inputs; and that the long run finds, names and keeps what is wrong."""

import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.__main__ import Finding, fuzz, main
from tests.fuzz.broken import FATAL
from tests.fuzz.catalog import NAMES, target
from tests.fuzz.record import load
from tests.fuzz.target import BASE_CPU_S, BASE_GROWTH_BYTES, Greedy, Slow, Target, check_bounded, no_error_aside

EXAMPLES = {"html": 250, "wire": 8, "settings": 120, "warcs": 120}
EXPECTED = {"ValueError", "SIGSEGV"}
"""What is wrong with the broken target."""


@pytest.mark.parametrize("name", NAMES)
def test_a_moment_of(name: str) -> None:
    found = target(name)

    @settings(
        max_examples=EXAMPLES.get(name, 400),
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(found.inputs)
    def each(value: object) -> None:
        with no_error_aside():
            found.check(value)

    each()


def test_the_long_run_finds_what_is_wrong_or_fatal_and_goes_on(tmp_path: Path) -> None:
    def kinds(findings: list[Finding]) -> set[str]:
        return {finding.signature.split()[0] for finding in findings}

    result = fuzz("broken", 200, first_seed=1, out=tmp_path, is_enough=lambda found: kinds(found) >= EXPECTED)
    assert result.examples > 0
    assert kinds(result.findings) >= EXPECTED
    saved = [load(path) for path in tmp_path.glob("*.txt")]
    assert 1 in saved  # the least of those that are wrong
    assert max(saved) > FATAL
    assert all(path.read_text(encoding="utf-8").strip() for path in tmp_path.glob("*.story"))


def test_a_saved_input_is_tried_again(tmp_path: Path) -> None:
    path = tmp_path / "input.txt"
    path.write_text(repr((b"<p>x", "text/html", [], "http://example.org/")), encoding="utf-8")
    assert main(["html", "--input", str(path)]) == 0
    with pytest.raises(ValueError, match="unpack"):
        main(["charset", "--input", str(path)])


def test_a_run_without_findings_ends_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["robots", "--minutes", "0.01", "--out", str(tmp_path)]) == 0
    assert "robots" in capsys.readouterr().out


def test_a_target_that_nobody_knows_is_refused() -> None:
    with pytest.raises(SystemExit):
        main(["nonsense"])


def test_an_error_in_a_thread_is_one_too() -> None:
    def fail() -> None:
        raise ValueError("aside")

    def check(_: object) -> None:
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()

    with pytest.raises(ValueError, match="aside"):
        check_bounded(Target(st.none(), check), None)


def test_time_is_bounded() -> None:
    def work(_: object) -> None:
        ends_at = time.process_time() + BASE_CPU_S + 0.1
        while time.process_time() < ends_at:
            pass

    with pytest.raises(Slow):
        check_bounded(Target(st.none(), work), b"small")


def test_memory_is_bounded() -> None:
    held: list[bytes] = []
    with pytest.raises(Greedy):
        check_bounded(Target(st.none(), lambda _: held.append(b"x" * 2 * BASE_GROWTH_BYTES)), b"small")
