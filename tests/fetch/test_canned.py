"""The null room, and the bounds that all rooms share."""

from typing import Any

import pytest

from crawler.fetch.canned import NOTHING_THERE, CannedFetcher
from crawler.fetch.limits import Limits, sentence
from crawler.model import Failure, Fault, Job, Page
from crawler.protocols import Fetcher
from crawler.settings import FetchSettings
from tests.conftest import Run

PAGE = Page("http://a.test/", 200, (("content-type", "text/html"),), b"hello")
BROKEN = Failure(Fault.RESET, "as canned")


def test_it_answers_what_is_canned(run: Run[Any]) -> None:
    fetcher: Fetcher = CannedFetcher({PAGE.url: PAGE, "http://b.test/": BROKEN}, capacity=3)

    async def main() -> list[Page | Failure]:
        answers = [await fetcher.fetch(Job(url)) for url in (PAGE.url, "http://b.test/", "http://c.test/")]
        await fetcher.aclose()
        return answers

    assert run(main()) == [PAGE, BROKEN, NOTHING_THERE]
    assert fetcher.capacity == 3


@pytest.mark.parametrize("value", [b"a\0b", b"a\rb", b"a\nb"])
def test_no_value_spans_lines_whatever_the_client_lets_through(value: bytes) -> None:
    assert Limits(FetchSettings()).judge(200, [(b"A", value)]) == Failure(Fault.PROTOCOL, "a header is malformed")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "no reason given"),
        ("\n \n", "no reason given"),
        ("Bad status line:\n\n  b'x'\n  ^", "Bad status line"),
        ("<Thing object at 0x7f0012abcd>", "<Thing object at …>"),
        ("x" * 300, "x" * 200),
    ],
)
def test_a_library_is_quoted_in_one_short_sentence(text: str, expected: str) -> None:
    assert sentence(text) == expected
