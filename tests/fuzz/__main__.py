"""The long run: one child after the other on each target, until its minutes are over; findings are saved."""

import argparse
import json
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.fuzz.catalog import NAMES, target
from tests.fuzz.record import Record, load
from tests.fuzz.target import check_bounded

STRETCH_S = 60.0
GRACE_S = 240.0


class Finding(NamedTuple):
    """What is wrong, in one line, with an input and its story."""

    signature: str
    text: str
    story: str


class Result(NamedTuple):
    """What became of one target."""

    name: str
    examples: int
    cpu_s: float
    findings: list[Finding]

    def __str__(self) -> str:
        return (
            f"{self.name:10} {self.examples:>9,} examples {self.cpu_s:>7.0f} CPU s {len(self.findings):>3} findings"
        )


def fuzz(
    name: str,
    seconds: float,
    first_seed: int,
    out: Path,
    is_enough: Callable[[list[Finding]], bool] = lambda _: False,
) -> Result:
    """Run a target for so long, or until that is enough, and on after each finding, which is then known."""
    findings: list[Finding] = []
    begin = resource.getrusage(resource.RUSAGE_CHILDREN)
    ends_at = time.monotonic() + seconds
    examples = 0
    number = first_seed
    while (left := ends_at - time.monotonic()) > 0 and not is_enough(findings):
        with TemporaryDirectory() as folder:
            path = Path(folder) / "record"
            record = Record(path)
            order = {
                "target": name,
                "seed": number,
                "seconds": min(left, STRETCH_S),
                "record": str(path),
                "known": [each.signature for each in findings],
            }
            new = _stretch(order, record)
            examples += record.read()[0]
        for finding in new:
            findings.append(finding)
            _save(name, len(findings), finding, out)
        number += 1
    end = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Result(name, examples, end.ru_utime + end.ru_stime - begin.ru_utime - begin.ru_stime, findings)


def _stretch(order: dict[str, object], record: Record) -> list[Finding]:
    command = [sys.executable, "-W", "error", "-m", "tests.fuzz.child"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        try:
            out, err = child.communicate(f"{json.dumps(order)}\n".encode(), timeout=STRETCH_S + GRACE_S)
        except subprocess.TimeoutExpired:
            child.kill()
            out, err = child.communicate()
    if child.returncode == 0:
        found = json.loads(out).items()
        return [Finding(signature, text, story) for signature, (text, story) in found]
    how = f"exit code {child.returncode}" if child.returncode > 0 else signal.Signals(-child.returncode).name
    count, text = record.read()
    return [Finding(f"{how} at seed {order['seed']}, example {count}", text, err.decode(errors="replace"))]


def _save(name: str, number: int, finding: Finding, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{name}-{number}.txt"
    path.write_text(finding.text, encoding="utf-8")
    path.with_suffix(".story").write_text(f"{finding.signature}\n\n{finding.story}", encoding="utf-8")
    print(f"{name}: {finding.signature}\n    {path}", flush=True)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(NAMES)}; all if none is named")
    parser.add_argument("--minutes", type=float, default=10.0, help="for each target (default 10)")
    parser.add_argument("--seed", type=int, default=1, help="the first of the seeds to draw by (default 1)")
    parser.add_argument("--out", type=Path, default=Path("findings"), help="where findings are saved")
    parser.add_argument("--input", type=Path, help="try one saved input instead")
    arguments = parser.parse_args(argv)
    names = arguments.targets or list(NAMES)
    for name in names:
        if name not in NAMES:
            parser.error(f"{name!r} is none of {', '.join(NAMES)}")
    if arguments.input is not None:
        for name in names:
            check_bounded(target(name), load(arguments.input))
        return 0
    results = []
    for name in names:
        results.append(fuzz(name, arguments.minutes * 60, arguments.seed, arguments.out))
        print(results[-1], flush=True)
    return 1 if any(result.findings for result in results) else 0


if __name__ == "__main__":
    raise SystemExit(main())
