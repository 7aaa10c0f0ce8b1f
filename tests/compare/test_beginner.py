"""The lab's hearts in halves: the same answers, steps that add up, and the same harm."""

import os
import select
import signal
import subprocess
import sys
import time

from msgspec.structs import replace

from crawler.analyze.page import analyze
from crawler.bare import Mishap
from crawler.compare.beginner import TimedBegun, begin_hazardous, begin_timed
from crawler.compare.hazards import marked
from crawler.compare.heart import complete_timed
from crawler.model import Analysis, Page
from crawler.settings import AnalyzeSettings
from crawler.workers.guarded import bare

SETTINGS = AnalyzeSettings()
PAGE = Page("http://a.test/", 200, (), "<p>one two 日本語 <a href=/x>y</a>".encode())


def test_what_is_timed_in_halves_says_the_same_and_its_steps_follow_each_other() -> None:
    begun = begin_timed(bare(PAGE), SETTINGS)
    assert isinstance(begun, TimedBegun)
    assert begun.began <= begun.decoded <= begun.parsed
    said = complete_timed(PAGE, begun, SETTINGS)
    assert isinstance(said, Analysis)
    assert said.spent is not None
    assert (said.spent.worker, said.spent.began) == (begun.worker, begun.began)
    assert min(said.spent.decode_s, said.spent.parse_s, said.spent.count_s) >= 0
    assert replace(said, spent=None) == analyze(PAGE, SETTINGS)


def test_what_cannot_be_read_or_is_no_page_stays_what_it_is() -> None:
    broken = Page("http://a.test/", 200, (("content-encoding", "gzip"),), b"junk")
    assert isinstance(begin_hazardous(bare(broken), SETTINGS), Mishap)
    robots = Page("http://a.test/robots.txt", 200, (), b"User-agent: *\nDisallow: /x", kind="robots")
    assert begin_timed(bare(robots), SETTINGS) is None
    assert complete_timed(robots, None, SETTINGS) == analyze(robots, SETTINGS)


HARM = """
import os, sys, threading
from crawler.compare.beginner import do_harm
do_harm("http://a.test/?utm_lab=drip")
os.write(1, b"unharmed")
def write():
    while True:
        os.write(1, b".")
threading.Thread(target=write, daemon=True).start()
do_harm(sys.argv[1])
"""
"""Another thread writes a dot whenever it may run."""
_SILENT_S = 1.0


def test_a_page_marked_to_crash_is_a_real_segmentation_fault() -> None:
    url = marked("http://a.test/", "crash")
    done = subprocess.run([sys.executable, "-c", HARM, url], capture_output=True, text=True, check=False)
    assert (done.stdout.rstrip("."), done.returncode) == ("unharmed", -signal.SIGSEGV)


def test_a_page_marked_to_hang_never_ends_and_lets_no_other_thread_run() -> None:
    url = marked("http://a.test/?page=1", "hang")
    with subprocess.Popen([sys.executable, "-c", HARM, url], stdout=subprocess.PIPE) as process:
        assert process.stdout
        try:
            assert process.stdout.read(len("unharmed")) == b"unharmed"
            until = time.monotonic() + 60
            while select.select([process.stdout], [], [], _SILENT_S)[0]:
                assert os.read(process.stdout.fileno(), 2**16), "it ended"
                assert time.monotonic() < until, "others run"
        finally:
            process.kill()


def test_it_loads_nothing_that_other_interpreters_refuse() -> None:
    script = """
import sys
import crawler.compare.beginner
refused = {"msgspec", "icu4py.breakers", "ada_url", "crawler.model", "crawler.urls", "psutil"}
assert not refused & set(sys.modules), refused & set(sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
