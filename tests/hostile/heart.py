"""An analysis that the pages `crash` and `hang` can make crash and hang, and that notes what its worker needed."""

import ctypes
import os
import time
from pathlib import Path

from crawler.analyze.page import analyze
from crawler.model import Page, Reading
from crawler.settings import AnalyzeSettings
from crawler.site.hostile.markup import CRASH, HANG

PEAKS = "HOSTILE_PEAKS"
"""The environment variable that names the file into which workers write."""


def obey(page: Page, settings: AnalyzeSettings) -> Reading:
    if CRASH in page.body:
        ctypes.string_at(0)
    if HANG in page.body:
        time.sleep(3_600)
    reading = analyze(page, settings)
    with Path(os.environ[PEAKS]).open("a", encoding="utf-8") as peaks:
        peaks.write(f"{os.getpid()} {peak_kib()} {page.url}\n")
    return reading


def peak_kib() -> int:
    """The most memory that this process had resident."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0])
