"""`crawler runs`: what became of hosts and URLs, and why."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Cli
from tests.sites import Site

INDEX = "http://en.crawler.test/"


@pytest.fixture
def crawled(cli: Cli, site: Site) -> Path:
    """A crawl of one host by its links, two deep."""
    said = cli(INDEX, "--depth", 2, "--contact", "mailto:me@a.test", "--connect-to", site.connect_to)
    assert said.code == 0
    return Path("output/en.crawler.test")


def test_the_ledger_tells_what_was_asked_of_each_host_and_as_whom(cli: Cli, crawled: Path) -> None:
    said = cli("runs", "hosts")
    lines = said.out.splitlines()
    assert lines[0].startswith("Requests of run 1 in output/en.crawler.test, from 20")
    assert "made as 'crawler/0.1 (word frequencies) (+mailto:me@a.test)'" in lines[0]
    assert any(line.split()[:1] == ["en.crawler.test"] for line in lines)
    (host,) = json.loads(cli("runs", "hosts", crawled, "--json").out)["hosts"]
    pages = [json.loads(line) for line in (crawled / "pages.jsonl").read_bytes().splitlines()]
    fetched = [page for page in pages if page["status"] is not None]
    retried = [page for page in fetched if page["status"] == 500]
    assert host["requests"] == 1 + len(fetched) + len(retried), "robots.txt, each page, and each 500 once more"
    assert host["bytes"] >= sum(page["bytes"] for page in fetched)
    assert (host["host"], host["refusals"], host["delay_s"]) == ("en.crawler.test", 0, 0.0)


@pytest.mark.parametrize(
    ("url", "lines"),
    [
        (
            INDEX,
            [
                "run 1 in output/en.crawler.test: it was fetched and its words are counted",
                "a seed, or where one redirects",
            ],
        ),
        (
            INDEX + "private/secret.html",
            [
                "run 1 in output/en.crawler.test: it was not fetched, by robots.txt",
                "why: robots.txt line 5: Disallow: /private/",
            ],
        ),
        (INDEX + "aside/twin-b.html", [f"the first is {INDEX}aside/twin-a.html"]),
        (INDEX + "go/1", ["run 1 in output/en.crawler.test: it redirects"]),
        (INDEX + "gone/0", ["run 1 in output/en.crawler.test: it failed", "why: status: 404 Not Found"]),
        (
            INDEX + "trains/1/?utm_source=x",
            ["run 1 in output/en.crawler.test: it was fetched and its words are counted"],
        ),
        ("http://ja.crawler.test/", ["it was not fetched: it lies outside of the crawl", "why: out of scope (host)"]),
        (INDEX + "deep/3.html", ["it was not fetched: it lies deeper than --depth goes", "makes it 3 links"]),
        (INDEX + "nowhere", ["it was never seen"]),
    ],
)
def test_the_story_of_a_url_says_what_became_of_it_and_why(
    url: str, lines: list[str], cli: Cli, crawled: Path
) -> None:
    said = cli("runs", "why", url)
    assert said.code == 0
    for line in lines:
        assert line in said.out, said.out


def test_the_story_tells_the_way_from_a_seed(cli: Cli, crawled: Path) -> None:
    told = json.loads(cli("runs", "why", INDEX + "deep/2.html", crawled, "--json").out)
    assert told["way"] == [INDEX, INDEX + "deep/1.html", INDEX + "deep/2.html"]
    assert (told["depth"], told["state"], told["status"]) == (2, "analysed", 200)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["runs"], "output: no crawl has written here; name the output folder of a crawl"),
        (["runs", "hosts"], "output: no crawl has written here; name the output folder of a crawl"),
        (["runs", "hosts", "nowhere"], "nowhere: no results here; name the output folder of a crawl"),
        (["runs", "why", "nonsense", "nowhere"], "nonsense: not a URL; write it in full"),
        (["runs", "why"], "the following arguments are required: URL; see crawler runs why --help"),
        (["runs", "when"], "argument QUESTION: invalid choice: 'when'"),
    ],
)
def test_what_cannot_be_answered_is_one_line(arguments: list[str], message: str, cli: Cli) -> None:
    said = cli(*arguments)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert said.err.startswith(f"crawler: {message}")


def test_a_database_that_is_none_or_of_another_version_is_refused(cli: Cli, crawled: Path) -> None:
    database = crawled / "crawl.db"
    content = database.read_bytes()
    database.write_bytes(content[:60] + b"\0\0\0\x01" + content[64:])
    assert "made by another version of crawler (format 1, this one reads 3)" in cli("runs", "hosts").err
    database.write_bytes(b"not a database, but long enough to be looked at" * 50)
    said = cli("runs", "hosts")
    assert (said.code, said.err.count("\n")) == (2, 1)


def test_results_on_a_medium_that_cannot_be_written_are_read(
    cli: Cli, crawled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No file may be made there beside it; root may write anywhere, so the system's answer is made up."""
    monkeypatch.setattr("crawler.store.looking.os.access", lambda _path, _mode: False)
    connect = sqlite3.connect
    asked: list[str] = []

    def note(database: str, **rest: Any) -> sqlite3.Connection:
        asked.append(database)
        connection: sqlite3.Connection = connect(database, **rest)
        return connection

    monkeypatch.setattr("crawler.store.looking.sqlite3.connect", note)
    assert cli("runs", "hosts").code == 0
    assert all(each.endswith("?mode=ro&immutable=1") for each in asked)
    assert [path.name for path in crawled.glob("crawl.db*")] == ["crawl.db"]
