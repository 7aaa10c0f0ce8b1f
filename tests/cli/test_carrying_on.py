"""What a start says and does: a new run, an old one carried on, its failures tried again, or everything forgotten."""

import asyncio
import json
import os
import re
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import crawler
from crawler.descriptors import TooFewDescriptors
from crawler.settings import RunSettings, Settings
from crawler.store.folder import Folder
from tests.cli.conftest import Cli, Said
from tests.fetch.wire import Step, Wire

NAMES = ("fine", "moody", "gone")


def page(text: str, status: str = "200 OK") -> tuple[Step, ...]:
    body = f"<p>{text}".encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
    return (head.encode() + body,)


@pytest.fixture
def server() -> Iterator[dict[str, tuple[Step, ...]]]:
    """What a server answers, which may change; its pages are listed in urls.txt."""
    answers = {
        "robots.txt": page("", "404 Not Found"),
        "fine": page("one"),
        "moody": page("", "410 Gone"),
        "gone": page("", "404 Not Found"),
    }
    with Wire(answers) as wire:
        Path("urls.txt").write_text("".join(wire.url(name) + "\n" for name in NAMES))
        yield answers


@pytest.fixture
def crawl(cli: Cli, server: dict[str, tuple[Step, ...]]) -> Cli:
    """A crawl of that server in an empty folder."""

    def run(*flags: object) -> Said:
        return cli("urls.txt", "--workers", 1, "--fail-if", "errors>9", *flags)

    return run


def first_line(said: Said) -> str:
    return said.out.splitlines()[0].removesuffix("; async + processes (1)")


def words() -> str:
    return Path("output/urls/words.csv").read_text()


def states() -> dict[str, str]:
    lines = Path("output/urls/pages.jsonl").read_bytes().splitlines()
    return {each["url"].rpartition("/")[2]: each["state"] for each in map(json.loads, lines)}


FROM_TO = ", from urls.txt to output/urls"


def test_each_start_says_what_it_does_and_why(crawl: Cli) -> None:
    assert first_line(crawl("--max-pages", 1)) == f"Run 1: 3 URLs{FROM_TO}"
    assert first_line(crawl("--max-pages", 1)) == f"Resuming run 1: 2 of 3 URLs left{FROM_TO}"
    assert first_line(crawl()) == f"Resuming run 1: 1 of 3 URLs left{FROM_TO}"
    assert first_line(crawl("--max-pages", 1)) == f"Run 2: 3 URLs{FROM_TO}; run 1 is finished"
    why = "run 2 leaves 2 URLs behind, not to be carried on, because its seeds or its rules were others"
    assert first_line(crawl("--scope", "any")) == f"Run 3: 3 URLs{FROM_TO}; {why}"
    fresh = crawl("--fresh")
    assert first_line(fresh) == f"Run 1: 3 URLs{FROM_TO}; what the folder held is forgotten (--fresh)"


def test_failures_are_tried_again_and_what_was_read_is_not(crawl: Cli, server: dict[str, tuple[Step, ...]]) -> None:
    assert crawl().code == 0
    assert states() == {"fine": "analysed", "moody": "failed", "gone": "failed"}
    assert words() == "word,count,pages\none,1,1\n"
    server["fine"] = page("changed, and nobody asks")
    server["moody"] = page("two")
    said = crawl("--retry-failed")
    assert first_line(said) == f"Resuming run 1: 2 failures of 3 URLs tried again{FROM_TO}"
    assert states() == {"fine": "analysed", "moody": "analysed", "gone": "failed"}
    assert words() == "word,count,pages\none,1,1\ntwo,1,1\n"
    server["gone"] = page("three")
    assert crawl("--retry-failed").code == 0
    assert set(states().values()) == {"analysed"}
    nothing = crawl("--retry-failed")
    assert first_line(nothing) == f"Nothing to do: run 1 has no failures to try again{FROM_TO}"
    assert nothing.code == 0
    assert words() == "word,count,pages\none,1,1\nthree,1,1\ntwo,1,1\n"
    assert first_line(crawl()) == f"Run 2: 3 URLs{FROM_TO}; run 1 is finished"


def test_a_run_is_finished_before_its_failures_are_tried_again(crawl: Cli) -> None:
    crawl("--max-pages", 2)
    said = crawl("--retry-failed")
    why = "its failures can be tried again once it is finished"
    assert first_line(said) == f"Resuming run 1: 1 of 3 URLs left{FROM_TO}; {why}"
    assert first_line(crawl("--retry-failed", "--max-pages", 1)).startswith("Resuming run 1: 2 failures of 3 URLs")
    assert first_line(crawl("--retry-failed", "--max-pages", 1)).startswith("Resuming run 1: 1 of 3 URLs left")
    assert first_line(crawl("--retry-failed")).startswith("Resuming run 1: 2 failures of 3 URLs tried again")


def test_redirects_that_lead_nowhere_fetch_nothing(crawl: Cli, server: dict[str, tuple[Step, ...]]) -> None:
    server["fine"] = (b"HTTP/1.1 302 Found\r\nLocation: /gone\r\nContent-Length: 0\r\n\r\n",)
    said = crawl()
    assert (said.code, "Nothing could be fetched" in said.out) == (1, True)


def test_nothing_new_is_looked_for_when_failures_are_tried_again(
    crawl: Cli, server: dict[str, tuple[Step, ...]]
) -> None:
    url = Path("urls.txt").read_text().split()[0]
    server["sitemap.xml"] = server["more.xml"] = page("<urlset></urlset>")
    flags = ("--sitemaps", "--sitemap", url.replace("fine", "more.xml"))
    crawl(*flags)
    for name in ("sitemap.xml", "more.xml"):
        server[name] = page(f"<urlset><url><loc>{url.replace('fine', 'new')}</loc></url></urlset>")
    server["moody"] = server["new"] = page("two")
    said = crawl("--retry-failed", *flags)
    assert first_line(said) == f"Resuming run 1: 2 failures of 3 URLs tried again{FROM_TO}"
    assert states() == {"fine": "analysed", "moody": "analysed", "gone": "failed"}


def test_a_folder_is_not_forgotten_for_a_run_that_cannot_be(crawl: Cli) -> None:
    crawl()
    before = words()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (40, hard))
    try:
        with pytest.raises(TooFewDescriptors):
            crawl_from_python("urls.txt", Settings(run=RunSettings(fresh=True)))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    with pytest.raises(ValueError, match="fresh forgets what retry_failed would try again; set one of them"):
        crawl_from_python("urls.txt", Settings(run=RunSettings(fresh=True, retry_failed=True)))
    assert words() == before


def crawl_from_python(seeds: str, settings: Settings) -> None:
    async def main() -> None:
        await crawler.crawl(seeds, settings)

    asyncio.run(main())


def test_what_cannot_be_tried_again_is_one_line(crawl: Cli) -> None:
    said = crawl("--retry-failed")
    assert (said.code, said.out) == (2, "")
    assert said.err == "crawler: --retry-failed: no run is here yet; crawl without it first\n"
    said = crawl("--retry-failed", "--fresh")
    assert said.err == "crawler: --fresh forgets what --retry-failed would try again; give one of them\n"
    assert said.code == 2


def test_the_runs_of_every_folder_are_listed(crawl: Cli, cli: Cli) -> None:
    crawl()
    crawl("--max-pages", 1)
    crawl("--scope", "any", "--max-pages", 1)
    Path("output/urls").rename("output/before")
    crawl()
    said = cli("runs")
    assert said.code == 0
    lines = [re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "DATE", line) for line in said.out.splitlines()]
    rows = [re.split(r"\s{2,}", line.strip(" │")) for line in lines if re.match(r"\s*\d", line.strip(" │"))]
    assert [line for line in lines if line.startswith("Runs in ")] == [
        "Runs in output/before",
        "Runs in output/urls",
    ]
    assert rows == [
        ["1", "DATE", "finished DATE", "3", "1", "2", "0"],
        ["2", "DATE", "left behind", "3", "1", "0", "2"],
        ["3", "DATE", "unfinished", "3", "1", "0", "2"],
        ["1", "DATE", "finished DATE", "3", "1", "2", "0"],
    ]
    assert cli("runs", "list", "output/urls").out.count("Runs in ") == 1
    told = [json.loads(line) for line in cli("runs", "list", "--json").out.splitlines()]
    assert [(each["folder"], each["pid"], len(each["runs"])) for each in told] == [
        ("output/before", None, 3),
        ("output/urls", None, 1),
    ]


def test_a_run_under_way_is_listed_with_its_process(crawl: Cli, cli: Cli) -> None:
    crawl("--max-pages", 1)

    seeds, path = str(Path("urls.txt").resolve()), Path("output/urls")

    async def look() -> str:
        folder = await Folder.open(path, seeds)
        try:
            return await asyncio.to_thread(lambda: cli("runs").out)
        finally:
            await folder.aclose()

    assert f"running (process {os.getpid()})" in asyncio.run(look())
    with closing(sqlite3.connect(path / "crawl.db")) as connection, connection:
        connection.execute("UPDATE folder SET pid = 1, held_since = 'long ago'")  # as a kill -9 may leave it
    assert "unfinished" in cli("runs").out
    assert sorted(each.name for each in path.glob("crawl.db*")) == ["crawl.db"], "whoever looks leaves nothing"
