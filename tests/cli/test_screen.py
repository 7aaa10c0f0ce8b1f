"""The moving part of the terminal: why the crawl is not faster."""

import io

import pytest
from rich.console import Console

from crawler.cli.screen import progress_view, waits
from crawler.frontier.hosts import Outlook
from crawler.frontier.state import Frontier
from crawler.model import Failure, Fault, Job, Visit
from crawler.progress import Progress
from crawler.settings import FrontierSettings


@pytest.mark.parametrize(
    ("outlook", "in_flight", "sentence"),
    [
        (None, 0, ""),
        (Outlook(0, 0, 0, 0, None), 3, ""),
        (Outlook(40, 3, 31, 2, 0.26), 2, "31 of 40 URLs wait for 2 hosts' delay; next in 0.3 s"),
        (Outlook(7, 1, 7, 1, 12.0), 0, "7 of 7 URLs wait for 1 host's delay; next in 12.0 s"),
        (Outlook(1_200, 1, 0, 0, 0.0), 8, "1,200 URLs at 1 host wait for one of the 8 connections (--concurrency)"),
        (Outlook(5, 2, 0, 0, 0.0), 4, ""),
    ],
)
def test_the_reason_why_it_is_not_faster_is_a_sentence(
    outlook: Outlook | None, in_flight: int, sentence: str
) -> None:
    assert waits(outlook, in_flight, 8) == sentence


def test_the_view_shows_where_the_run_stands() -> None:
    frontier = Frontier(FrontierSettings(robots="ignore"))
    frontier.offer([Job("http://a.test/"), Job("http://a.test/b"), Job("http://a.test/c")], 0.0)
    progress = Progress()
    progress.begin(frontier, capacity=8, max_pages=2)
    job = frontier.next(0.0)
    assert isinstance(job, Job)
    settled = frontier.settle(Visit(job, None, Failure(Fault.ROBOTS, "no")), 0.5)
    assert settled.visit is not None
    progress.count(settled.visit)
    progress.look(0.5)
    assert (progress.known, progress.settled, progress.left, progress.failed) == (3, 1, 1, 0)
    screen = io.StringIO()
    with progress_view(progress, Console(file=screen, force_terminal=True, width=120)):
        pass
    assert "1/3" in screen.getvalue()
    assert "2 of 2 URLs wait for 1 host's delay; next in 0.5 s" in screen.getvalue()


def test_nothing_moves_where_the_output_is_no_terminal() -> None:
    screen = io.StringIO()
    with progress_view(Progress(), Console(file=screen)):
        pass
    assert screen.getvalue() == ""
