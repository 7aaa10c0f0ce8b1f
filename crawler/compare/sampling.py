"""Takes one sample: a crawl in a fresh process, measured from another, and what it left in its folder."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing, nullcontext
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from crawler.compare.account import Measured
from crawler.compare.result import Sample
from crawler.compare.scratch import place, temporaries
from crawler.compare.trial import Trial
from crawler.store.layout import DATABASE_FILE, WORDS_FILE

MEASURE: Final = "crawler.compare.measure"
_PACKAGES: Final = Path(__file__).parents[2]
_END_S: Final = 30.0


def run_trial(trial: Trial, scratch: Path | None = None, temporary: str = "") -> Sample:
    """The sample, whatever the contestant did: `Sample.failure` says how it ended if it did not end well.

    What it writes goes into a folder of its own in `scratch`, and then away; so do its temporary files (fork servers'
    sockets, which whoever is killed leaves), unless they shall lie in `temporary`, whose name is
    short, since that of a socket must be.
    """
    folder = Path(tempfile.mkdtemp(prefix="crawler-lab-", dir=scratch or place()))
    try:
        with nullcontext(temporary) if temporary else temporaries() as place_of_sockets:
            measured = _measured(trial, folder / "out", place_of_sockets)
        return _sample(trial, measured, folder / "out")
    finally:
        shutil.rmtree(folder)


def _measured(trial: Trial, out: Path, temporary: str) -> Measured:
    path = os.pathsep.join(filter(None, (str(_PACKAGES), os.environ.get("PYTHONPATH"))))
    process = subprocess.Popen(  # noqa: S603  # our own interpreter, and no shell
        [sys.executable, "-m", MEASURE, msgspec.json.encode(trial).decode(), str(out)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": path, "TMPDIR": temporary},
        start_new_session=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        said = process.stdout.read()
    finally:
        process.stdin.close()  # ends it, and all below it, if we are leaving early
        process.stdout.close()
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.returncode < 0:  # by the kernel, for want of memory, or by whoever cleans up here
        return _unmeasured(f"was measured by a process that died of signal {-process.returncode}")
    if process.returncode:
        raise RuntimeError(f"{MEASURE} ended with exit code {process.returncode}")  # and said why
    return msgspec.json.decode(said, type=Measured)


def _unmeasured(failure: str) -> Measured:
    return Measured(
        start_s=0.0,
        wall_s=0.0,
        cpu_s=0.0,
        total_cpu_s=None,
        peak_pss_mib=None,
        uss_mib={},
        voluntary_switches=None,
        involuntary_switches=None,
        site_cpu_s=None,
        sampler_cpu_s=0.0,
        failure=failure,
        told=None,
    )


def _sample(trial: Trial, measured: Measured, out: Path) -> Sample:
    told = measured.told
    return Sample(
        workload=trial.workload,
        arm=trial.arm,
        concurrency=trial.concurrency,
        role=trial.role,
        round=trial.round,
        pages=trial.expected,
        lost=max(0, trial.expected - _analysed(out / DATABASE_FILE)),
        words=_digest(out / WORDS_FILE),
        start_s=measured.start_s,
        wall_s=measured.wall_s,
        cpu_s=measured.cpu_s,
        total_cpu_s=measured.total_cpu_s,
        peak_pss_mib=measured.peak_pss_mib,
        uss_mib=measured.uss_mib,
        voluntary_switches=measured.voluntary_switches,
        involuntary_switches=measured.involuntary_switches,
        phases=told.phases if told else {},
        lag_p99_ms=told.lag_p99_ms if told else None,
        lag_max_ms=told.lag_max_ms if told else None,
        analyze_cpu_s=told.analyze_cpu_s if told else None,
        chose=told.chose if told else "",
        refetched=told.refetched if told else 0,
        site_cpu_s=measured.site_cpu_s,
        failure=measured.failure,
        timeline=told.timeline if told else (),
    )


def _analysed(database: Path) -> int:
    """How many pages were read, and are in the database for good, whatever became of who put them there."""
    if not database.exists():
        return 0
    with closing(sqlite3.connect(database)) as connection:
        try:
            found: tuple[int] = connection.execute("SELECT count(*) FROM pages WHERE tokens IS NOT NULL").fetchone()
        except sqlite3.OperationalError:  # it died before there was a table
            return 0
    return found[0]


def _digest(words: Path) -> str:
    """What the words are compared by; "" if there are none."""
    return sha256(words.read_bytes()).hexdigest() if words.exists() else ""
