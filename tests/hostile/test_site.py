"""The hostile site by itself: its table, its seeds, and the command that serves it."""

import asyncio
import json
import re
import ssl
import subprocess
import sys
from pathlib import Path

from crawler.fetch.guard import Guard
from crawler.model import Fault
from crawler.readers import ConnectTo
from crawler.seeds import read_seeds
from crawler.settings import FetchSettings
from crawler.site.hostile.catalog import HAZARDS, expected, seeds
from crawler.site.hostile.certificates import AUTHORITY, EXPIRED, GOOD, SELF_SIGNED, context
from crawler.site.process import ROOT, start_hostile_site, start_site
from crawler.site.settings import SiteSettings
from tests.site.asking import raw

STATES = {"analysed", "redirected", "robots", "trap"}


def test_each_row_names_ends_that_there_are() -> None:
    ends = {end for hazard in HAZARDS.values() for some in hazard.expected().values() for end in some}
    assert {end for end in ends if not end.startswith("failed: ")} == STATES
    assert {end.removeprefix("failed: ") for end in ends - STATES} <= {fault.value for fault in Fault}


def test_no_name_and_no_url_stands_twice() -> None:
    assert len(set(seeds())) == len(HAZARDS) == len(expected()["hosts"])
    assert not {name for name in HAZARDS if not re.fullmatch(r"[a-z0-9]+(?:[.-][a-z0-9]+)*", name)}


def test_the_shipped_seeds_are_the_whole_table() -> None:
    path = ROOT / "seeds" / "hostile.txt"
    shipped = read_seeds(path.read_bytes().splitlines(), str(path))
    assert not shipped.rejected
    assert [job.url for job in shipped.jobs] == seeds()


def test_it_tells_its_table_its_seeds_and_what_it_counted() -> None:
    with start_hostile_site() as site:
        host = b"Host: no-headers.hostile.test\r\n\r\n"
        answers = {
            path: raw(site, b"GET %b HTTP/1.1\r\n%b" % (path.encode(), host)).partition(b"\r\n\r\n")[2]
            for path in ("/", "/seeds.txt", "/expected.json", "/stats.json")
        }
        assert b"no header at all" in answers["/"]
        assert answers["/seeds.txt"].decode().split() == seeds()
        assert json.loads(answers["/expected.json"]) == json.loads(json.dumps(expected()))
        assert json.loads(answers["/stats.json"])["no-headers"]["requests"] == 4
        assert b"404" in raw(site, b"GET / HTTP/1.1\r\nHost: unknown.hostile.test\r\n\r\n")


def test_its_process_ends_when_it_is_closed_whatever_it_is_sending() -> None:
    site = start_hostile_site()
    rules = [ConnectTo.read(rule) for rule in site.connect_to]
    assert rules[-1] == (".hostile.test", None, site.host, site.port)

    async def main() -> None:
        reader, writer = await asyncio.open_connection(site.host, site.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: endless-body.hostile.test\r\n\r\n")
        assert await reader.readexactly(100_000)
        await asyncio.to_thread(site.close)
        writer.close()

    asyncio.run(main())


def test_the_other_site_tells_where_its_names_lead_too() -> None:
    with start_site(SiteSettings(pages=10, max_kb=3)) as site:
        assert site.connect_to == (f".crawler.test::{site.host}:{site.port}",)


def test_the_certificates_are_what_they_are_called(tmp_path: Path) -> None:
    import _ssl

    validity = {}
    for name, text in (("authority", AUTHORITY), ("good", GOOD), ("expired", EXPIRED), ("self-signed", SELF_SIGNED)):
        path = tmp_path / name
        path.write_text(text, encoding="ascii")
        validity[name] = ssl.cert_time_to_seconds(_ssl._test_decode_cert(str(path))["notAfter"])  # type: ignore[attr-defined]
    assert {name for name, until in validity.items() if until < 4e9} == {"expired"}
    for certificate in (GOOD, EXPIRED, SELF_SIGNED):
        assert context(certificate).cert_store_stats()["x509"] == 0


def test_what_the_table_calls_private_is_no_place_to_go() -> None:
    guard = Guard(FetchSettings())
    for url in (url for hazard in HAZARDS.values() for url, ends in hazard.then if ends == ("failed: blocked",)):
        host = re.fullmatch(r"http://(\[[^]]+\]|[^/:]+)(?::\d+)?/.*", url)
        assert host is not None
        assert guard.refusal(host[1], 80, host[1].strip("[]")) is not None, url


def test_a_crawl_of_its_names_starts_it_and_says_so(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "crawler", "http://no-headers.hostile.test/", "--out", str(tmp_path / "out")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"; \*\.hostile\.test is the hostile site on 127\.0\.0\.1:\d+\n", done.stdout)


def test_the_command_serves_it_and_says_how_to_crawl_it() -> None:
    command = [sys.executable, "-m", "crawler", "site", "--hostile", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as serving:
        assert serving.stdout is not None
        place, crawl = serving.stdout.readline(), serving.stdout.readline()
        serving.terminate()
        assert serving.wait(60) == 0
    assert re.match(r"http://127\.0\.0\.1:\d+/expected\.json is the table of \*\.hostile\.test", place)
    assert "seeds/hostile.txt --timeout 5s --depth 30 --max-per-host 150 --connect-to refused.hostile.test::" in crawl
    assert len(re.findall("--connect-to", crawl)) == 5
