"""One crawl of all faults in each room, of which every test looks at a part."""

import json
import os
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crawler.site.hostile.catalog import HAZARDS
from crawler.site.hostile.certificates import AUTHORITY
from crawler.site.process import ROOT, SiteProcess, start_hostile_site
from tests.hostile.heart import PEAKS
from tests.once import once

TRUSTED = "https://trusted.hostile.test/"
"""No fault at all: what the others would be, were it not for what is wrong with them."""
DEADLINE_S = 240
ARMS = ("async-turbo", "threads-turbo", "sequential-soup")
SLOW = {name for name, hazard in HAZARDS.items() if "failed: timeout" in hazard.ends} | {"hang"}
"""What takes its full time, and so is left out where one page goes after the other."""


@dataclass(frozen=True)
class Crawled:
    """What came of a crawl: its pages by URL, the states of URLs that were not due, the tallies of the site."""

    parser: str
    names: list[str]
    pages: dict[str, dict[str, Any]]
    refused: dict[str, str]
    tallies: dict[str, dict[str, float]]
    exit_code: int
    seconds: float
    main_peak_kib: int
    worker_peaks_kib: dict[str, int]

    def end_of(self, url: str) -> str:
        """As the table has it."""
        page = self.pages.get(url)
        if page is None:
            return self.refused.get(url, "never met")
        return f"failed: {page['fault']}" if page["state"] == "failed" else str(page["state"])


@pytest.fixture(scope="session", params=ARMS)
def crawled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    arm = str(request.param)
    return once(tmp_path_factory, f"hostile-{arm}", lambda folder: _crawled(arm, folder))


def _crawled(arm: str, folder: Path) -> Crawled:
    with start_hostile_site() as site:
        return _crawl(site, arm, folder)


def _crawl(site: SiteProcess, arm: str, folder: Path) -> Crawled:
    room, parser = arm.split("-")
    names = [name for name in HAZARDS if room != "sequential" or name not in SLOW]
    (folder / "authority.pem").write_text(AUTHORITY, encoding="ascii")
    order = {
        "room": room,
        "parser": parser,
        "connect_to": site.connect_to,
        "seeds": [*(HAZARDS[name].url for name in names), TRUSTED],
        "out": str(folder / "out"),
        "deadline_s": DEADLINE_S,
    }
    peaks = folder / "peaks"
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.crawling", json.dumps(order)],
        cwd=ROOT,
        env=os.environ | {"SSL_CERT_FILE": str(folder / "authority.pem"), PEAKS: str(peaks), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=DEADLINE_S + 20,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    lines = (folder / "out" / "pages.jsonl").read_bytes().splitlines()
    with urllib.request.urlopen(f"http://{site.host}:{site.port}/stats.json", timeout=60) as answer:
        tallies = json.loads(answer.read())
    with closing(sqlite3.connect(folder / "out" / "crawl.db")) as database:
        refused = dict(database.execute("SELECT url, state FROM urls WHERE state = 'trap'"))
    return Crawled(
        parser=parser,
        names=names,
        refused=refused,
        pages={page["url"]: page for page in map(json.loads, lines)},
        tallies=tallies,
        exit_code=said["exit_code"],
        seconds=said["seconds"],
        main_peak_kib=said["peak_kib"],
        worker_peaks_kib={url: int(kib) for _, kib, url in map(str.split, peaks.read_text().splitlines())},
    )
