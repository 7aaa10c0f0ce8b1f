"""What is settled when a run stands still: where redirects end, which never end, which pages say the same."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import pytest

from crawler.model import Failure, Fault
from crawler.orders import Moved, Settled
from tests.store.book import Book, short, to, url
from tests.store.steps import text, visited

TOO_MANY = "redirect: more than 3 redirects"
CIRCLE = "redirect: it leads in a circle"
FAILED = Failure(Fault.STATUS, "404")


@pytest.fixture
def book() -> Iterator[Book]:
    book = Book()
    yield book
    book.connection.close()


def chain(names: Iterable[str]) -> list[Settled]:
    """Redirects from each of `names` to the next, met one behind the other."""
    return [visited(n + 1, url(name), to(target), hops=n) for n, (name, target) in enumerate(pairwise(names))]


def fault_of(page: dict[str, Any]) -> tuple[Any, ...]:
    return page["state"], page["fault"], page["reason"], page["stage"]


def test_redirects_lead_to_the_end_of_their_chain(book: Book) -> None:
    book.add(a=to("b"), b=to("c"), c=text({}), d=to("c"), e=to("unvisited"), f=to("g"), g=FAILED)
    book.close()
    assert book.ends() == {"a": "c", "b": "c", "d": "c", "e": "unvisited", "f": "g"}
    assert book.told() == {
        "a": "redirected b",  # the reason is the next hop
        "b": "redirected c",
        "c": "analysed",
        "d": "redirected c",
        "e": "redirected unvisited",
        "f": "redirected g",
        "g": "failed status: 404",
    }
    final = book.ends() | {"c": "c", "g": "g"}
    assert {name: short(page["final_url"]) for name, page in book.pages().items()} == final


def test_more_redirects_than_allowed_are_a_failure_of_the_last(book: Book) -> None:
    book.write(*chain("abcde"))
    book.close()
    assert book.told() == {"a": "redirected b", "b": "redirected c", "c": "redirected d", "d": f"failed {TOO_MANY}"}
    pages = book.pages()
    assert fault_of(pages["d"]) == ("failed", "redirect", "more than 3 redirects", "fetch")
    assert pages["d"]["status"] == 200
    assert fault_of(pages["c"]) == ("redirected", None, None, None)


def test_a_circle_is_a_failure_of_all_that_lead_into_it(book: Book) -> None:
    book.add(a=to("b"), b=to("c"), c=to("b"), own=to("own"), out=to("end"))
    book.close()
    circle = ("a", "b", "c", "own")
    assert book.told() == {**dict.fromkeys(circle, f"failed {CIRCLE}"), "out": "redirected end"}
    pages = book.pages()
    assert {name: short(pages[name]["final_url"]) for name in circle} == {name: name for name in circle}
    assert {fault_of(pages[name]) for name in circle} == {("failed", "redirect", "it leads in a circle", "fetch")}


def test_a_failure_is_taken_back_when_a_shorter_way_was_found(book: Book) -> None:
    book.write(*chain("abcde"))
    book.close()
    book.write(Settled(None, [Moved(4, 1, 0, must_reopen=True)]), visited(5, url("e"), to("f"), depth=1, hops=1))
    book.close()
    assert book.told()["d"] == "redirected e"
    page = book.pages()["d"]
    assert fault_of(page) == ("redirected", None, None, None)
    assert short(page["final_url"]) == "f"


def test_a_circle_of_one_run_is_none_of_another(book: Book) -> None:
    book.add(a=to("b"), b=text({"old": 1}, digest=b"1"))
    book.close()
    book.run = 2
    book.add(b=to("a"), c=text({"new": 1}, digest=b"1"))
    book.close()
    assert book.told() == {"b": "redirected a", "c": "analysed"}
    assert book.ends() == {"b": "a"}
    book.run = 1
    assert book.told() == {"a": "redirected b", "b": "analysed"}


def test_the_nearest_page_is_the_original_then_the_first_by_url(book: Book) -> None:
    same = text({"same": 1, "text": 2}, digest=b"same")
    book.write(
        visited(1, url("far"), same, depth=2),
        visited(2, url("z"), same, depth=1),
        visited(3, url("y"), same, depth=1),
        visited(4, url("other"), text({"other": 1}, digest=b"other"), depth=0),
    )
    book.close()
    assert book.told() == {"far": "duplicate y", "other": "analysed", "y": "analysed", "z": "duplicate y"}
    assert book.words() == "word,count,pages\ntext,2,1\nother,1,1\nsame,1,1\n"
    rows = book.connection.execute("SELECT run, url, original FROM duplicates ORDER BY url").fetchall()
    assert [tuple(row) for row in rows] == [(1, url("far"), url("y")), (1, url("z"), url("y"))]
    book.write(Settled(None, [Moved(1, 0, 0, must_reopen=True)]))
    book.close()
    assert book.told() == {"far": "analysed", "other": "analysed", "y": "duplicate far", "z": "duplicate far"}


def test_pages_without_text_and_those_not_counted_are_no_duplicates(book: Book) -> None:
    book.add(
        a=text({}),
        b=text({}),
        c=text({"x": 1}, digest=b"x", is_noindex=True),
        d=text({"x": 1}, digest=b"x"),
        e=text({"x": 1}, digest=b"x", is_noindex=True),
    )
    book.close()
    counted = {name for name, state in book.told().items() if state == "analysed"}
    assert counted == {"a", "b", "d"}
    assert book.words() == "word,count,pages\nx,1,1\n"


def test_a_long_chain_costs_no_more_than_its_length(book: Book) -> None:
    """Pages link to each of its URLs, so that none is too many redirects away: counted in SQLite's own steps."""

    def cost(links: int) -> int:
        book.run += 1
        first = book.run * 100_000
        book.write(*(visited(first + n, url(f"{n}"), to(f"{n + 1}")) for n in range(links)))
        ticks = []
        book.connection.set_progress_handler(lambda: ticks.append(1), 100)
        book.close()
        book.connection.set_progress_handler(None, 0)
        assert set(book.ends().values()) == {str(links)}
        return len(ticks)

    assert cost(1_600) < 3 * cost(800)
