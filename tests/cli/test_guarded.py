"""A crawl that is lured into the network it runs in: it does not go, and says why."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from crawler.fetch.catalog import ROOMS
from tests.cli.conftest import Cli
from tests.fetch.answers import ok
from tests.fetch.wire import Step, Wire, close

MISSING = (ok("Content-Length: 0", status="404 Not Found"),)
REFUSED = "127.0.0.2 is a loopback address; --allow-private lets it be fetched"


def page(html: str) -> tuple[Step, ...]:
    body = html.encode()
    return (ok("Content-Type: text/html", f"Content-Length: {len(body)}", body=body),)


class Lure(NamedTuple):
    """A site that the seeds name, on 127.0.0.1, and what it would have the crawler ask, on 127.0.0.2."""

    site: Wire
    inner: Wire


@pytest.fixture
def lure() -> Iterator[Lure]:
    secrets = {name: page(f"<p>the keys of the kingdom, {name}") for name in ("", "linked", "hidden", "moved")}
    listing = (ok("Content-Type: text/plain", "Content-Length: 0"),)
    scripts = {**secrets, "robots.txt": MISSING, "sitemap.txt": listing}
    with Wire(scripts, address="127.0.0.2") as inner:
        links = "".join(
            f"<a href='{url}'>x</a>" for url in (inner.url("linked"), f"http://0x7f.2:{inner.port}/hidden", "/moved")
        )
        moved = (ok(f"Location: {inner.url('moved')}", "Content-Length: 0", status="302 Found"), close)
        with Wire({"robots.txt": MISSING, "": page(f"<p>harmless {links}"), "moved": moved}) as site:
            yield Lure(site, inner)


def states(folder: Path) -> dict[str, tuple[str, str | None, str | None]]:
    lines = (folder / "pages.jsonl").read_text().splitlines()
    return {told["url"]: (told["state"], told["fault"], told["reason"]) for told in map(json.loads, lines)}


@pytest.mark.parametrize("robots", ["obey", "ignore"])
@pytest.mark.parametrize("fetch", [*ROOMS, "shards"])
def test_neither_link_nor_redirect_leads_to_an_address_nobody_named(
    cli: Cli, lure: Lure, fetch: str, robots: str
) -> None:
    seed = lure.site.url()
    lured = (seed, "--scope", "any", "--depth", 1, "--delay", 0, "--analyze", "inline", "-q")
    said = cli(*lured, *(("--shards", 2) if fetch == "shards" else ("--fetch", fetch)), "--robots", robots)
    assert said.code == 3
    assert "1 page analysed (2 words, 2 distinct), 1 redirect, 3 failed (3 blocked)" in said.err
    reason = f"{'robots.txt: ' if robots == 'obey' else ''}{REFUSED}"
    found = states(Path("output/127.0.0.1"))
    assert found[seed] == ("analysed", None, None)
    assert found[lure.site.url("moved")][0] == "redirected"
    inner = {url: state for url, state in found.items() if url.startswith(lure.inner.url())}
    assert inner == {lure.inner.url(name): ("failed", "blocked", reason) for name in ("linked", "hidden", "moved")}
    assert lure.inner.connections == 0
    told = cli("runs", "why", lure.inner.url("linked")).out
    assert "it failed\n" in told
    assert f"why: blocked: {reason}\n" in told
    assert "1 link from the seeds" in told


def test_a_redirect_from_a_seed_is_no_naming(cli: Cli, lure: Lure) -> None:
    said = cli(lure.site.url("moved"), "--analyze", "inline")
    assert "1 failed (1 blocked)" in said.out
    assert lure.inner.connections == 0


def test_seeds_name_what_they_name_and_nothing_beside_it(cli: Cli, lure: Lure, tmp_path: Path) -> None:
    (tmp_path / "seeds.txt").write_text(f"{lure.site.url()}\n{lure.inner.url()}\n")
    asked = ("seeds.txt", "--scope", "any", "--depth", 1, "--delay", 0, "--analyze", "inline", "--out", "out", "-q")
    cli(*asked)
    named = states(Path("out"))
    assert {named[lure.inner.url(name)] for name in ("", "linked", "hidden", "moved")} == {("analysed", None, None)}


def test_a_sitemap_that_is_named_may_be_near_as_well(cli: Cli, lure: Lure) -> None:
    cli(lure.site.url(), "--sitemap", lure.inner.url("sitemap.txt"), "--analyze", "inline", "-q")
    assert any(request.startswith(b"GET /sitemap.txt ") for request in lure.inner.requests)


def test_allow_private_lets_all_of_it_be_fetched_by_a_run_of_its_own(cli: Cli, lure: Lure) -> None:
    asked = (lure.site.url(), "--scope", "any", "--depth", 1, "--delay", 0, "--analyze", "inline", "-q")
    stopped = cli(*asked, "--robots", "ignore", "--max-pages", 3)  # which refuses one of the links, or both
    assert (stopped.code, lure.inner.connections) == (4, 0)
    assert cli(*asked, "--robots", "ignore", "--allow-private").code == 0
    found = states(Path("output/127.0.0.1"))
    assert {found[lure.inner.url(name)] for name in ("linked", "hidden", "moved")} == {("analysed", None, None)}
