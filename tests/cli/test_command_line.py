"""The command line as a user meets it: what it prints, what it leaves, what it exits with."""

import csv
import json
import os
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.settings import INTERPRETERS_SINCE, options
from crawler.store.lock import FolderLock
from tests.cli.conftest import Cli
from tests.sites import Site


def seeds(text: str | bytes, name: str = "urls.txt") -> Path:
    path = Path(name)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (lambda: ["none.txt"], "none.txt: No such file or directory; give a file of URLs, a URL, or - for stdin"),
        (lambda: [seeds("")], "urls.txt: no URLs in it; give one URL a line"),
        (lambda: ["."], ".: Is a directory; give a file of URLs"),
        (lambda: [""], "an empty name is no file of seeds; give a file of URLs, a URL, or - for stdin"),
        (lambda: [seeds(bytes(range(1, 256)) + b"\0")], "urls.txt: not a text file (a zero byte in line "),
        (lambda: [seeds("nonsense\nmore")], "urls.txt: 2 lines, none of them a URL (line 1: 'nonsense': not a URL"),
        (lambda: ["ftp://a.test/"], "ftp://a.test/: the scheme 'ftp' is not crawled; only http and https are"),
        (list, "no seeds given; name a file of URLs, a URL, or - for standard input"),
        (lambda: ["crawl"], "no seeds given; name a file of URLs, a URL, or - for standard input"),
        (lambda: [seeds("http://a.test/"), "--fetch", "magic"], "--fetch: 'magic' is none of async, threads, seq"),
        (lambda: [seeds("http://a.test/"), "--worker", "x"], "--workers: 'x' is no whole number from 0 to 1024"),
        (lambda: [seeds("http://a.test/"), "--nonsense"], "unrecognized arguments: --nonsense; see crawler --help"),
        (lambda: [seeds("http://a.test/"), "--timeout"], "argument --timeout: expected one argument; see crawler"),
        (
            lambda: [seeds("http://a.test/"), "more.txt"],
            "1 argument too many; quote what has spaces in it; see crawler --help",
        ),
        (lambda: [seeds("http://a.test/"), "--config", "x.toml"], "x.toml: No such file or directory; give a TOML"),
        (
            lambda: [seeds("http://a.test/"), "--out", "urls.txt/x"],
            "urls.txt/x: Not a directory; give another folder",
        ),
        (lambda: [seeds("http://a.test/"), "--out", "/proc/x"], "/proc/x: No such file or directory; give another"),
        (lambda: [seeds("http://a.test/"), "--out", ""], "--out: an empty name is no folder; give its name, or ."),
        (lambda: [seeds("http://a.test/"), "--out", "urls.txt"], "urls.txt: no folder but a file; give another"),
        (lambda: ["site", "--pages", "3"], "pages=3 does not fit: give 10 (one a host) to 1,000,000"),
        (lambda: ["site", "--hostile", "--pages", "40"], "--hostile is always the same site; leave --pages out"),
        (lambda: ["site", "--languages", "xx"], "language 'xx' is not written here: choose among en, ja"),
        (lambda: ["site", "--port", "99999"], "cannot listen on 127.0.0.1:99999: "),
        (lambda: ["site", "--latency", "slow"], "slow"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(arguments: Callable[[], list[Any]], message: str, cli: Cli) -> None:
    said = cli(*arguments())
    assert said.code == 2
    assert said.err.startswith(f"crawler: {message}") or message in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""


@pytest.mark.skipif(
    sys.version_info >= INTERPRETERS_SINCE, reason="this Python has interpreters, so nothing is refused"
)
def test_what_interpreters_need_is_said_before_anything_is_written(cli: Cli, tmp_path: Path) -> None:
    said = cli("http://a.test/", "--analyze", "interpreters")
    version = ".".join(map(str, sys.version_info[:2]))
    assert said.err == f"crawler: --analyze: interpreters needs CPython 3.14; this is {version}; choose another\n"
    assert (said.code, said.out, list(tmp_path.iterdir())) == (2, "", [])


@pytest.fixture
def mortal(tmp_path: Path) -> list[str]:
    """What a command begins with that may read and write only what the modes of files allow, as root need not."""
    if os.geteuid() != 0:
        return []
    closed = tmp_path / "closed-to-all"
    closed.touch(mode=0)
    prefix = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
    if shutil.which("setpriv") is None or subprocess.run([*prefix, "true"], check=False).returncode:
        pytest.skip("root may read and write everything, and gives that up by setpriv only")
    assert subprocess.run([*prefix, "cat", closed], stderr=subprocess.DEVNULL, check=False).returncode
    return prefix


def test_what_may_not_be_read_or_written_is_named(mortal: list[str], tmp_path: Path) -> None:
    def refused(*arguments: str) -> str:
        command = [*mortal, sys.executable, "-m", "crawler", *arguments]
        said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=100, check=False)
        assert (said.returncode, said.stdout) == (2, "")
        return said.stderr

    (tmp_path / "urls.txt").write_text("http://a.test/")
    (tmp_path / "urls.txt").chmod(0)
    assert refused("urls.txt").startswith("crawler: urls.txt: Permission denied; give a file of URLs")
    (tmp_path / "more.txt").write_text("http://a.test/")
    (tmp_path / "closed").mkdir(mode=0o500)
    assert refused("more.txt", "--out", "closed/out").startswith(
        "crawler: closed/out: Permission denied; give another"
    )


def test_unknown_keys_and_values_in_files_and_variables_are_named(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    seeds("http://a.test/")
    seeds("timeuot = 3", "crawler.toml")
    said = cli("urls.txt")
    assert (said.code, said.err) == (2, "crawler: crawler.toml: timeuot: no such setting; did you mean timeout?\n")
    seeds("timeout = 3", "crawler.toml")
    monkeypatch.setenv("CRAWLER_TOP", "many")
    said = cli("urls.txt")
    assert (said.code, said.err) == (
        2,
        "crawler: the variable CRAWLER_TOP: 'many' is no whole number from 0 to 1000\n",
    )


def test_a_crawl_leaves_what_it_promises_and_says_so(cli: Cli, site: Site) -> None:
    said = cli(site.seeds, "--connect-to", site.connect_to, "--out", "out", "--workers", 2)
    assert said.code == 0
    assert said.err == ""
    lines = said.out.splitlines()
    assert lines[0] == f"Run 1: {len(site.urls)} URLs, from {site.seeds} to out; async + processes (2)"
    truth = site.truth()
    tokens = sum(page["tokens"] for page in truth["pages"].values())
    assert re.fullmatch(
        rf"Done: 40 pages analysed \({tokens:,} words, [\d,]+ distinct\), {len(truth['redirects'])} redirects, "
        rf"{len(truth['errors'])} failed \({len(truth['errors'])} status\) in [\d.]+ s; results in out",
        lines[-1],
    )
    assert sorted(path.name for path in Path("out").iterdir()) == [
        "crawl.db",
        "pages.jsonl",
        "runs",
        "summary.json",
        "words.csv",
    ]
    pages = [json.loads(line) for line in Path("out/pages.jsonl").read_bytes().splitlines()]
    assert sorted(page["url"] for page in pages) == sorted(site.urls)
    summary = json.loads(Path("out/summary.json").read_bytes())
    rows = list(csv.reader(Path("out/words.csv").read_text(encoding="utf-8").splitlines()))
    assert rows[0] == ["word", "count", "pages"]
    assert summary["distinct_words"] == len(rows) - 1
    assert summary["totals"]["tokens"] == tokens == sum(int(count) for _, count, _ in rows[1:])
    assert [[word, str(count), str(on)] for word, count, on in summary["top_words"]] == rows[1:11]
    again = cli(site.seeds, "--connect-to", site.connect_to, "--out", "out")
    assert again.out.startswith(f"Run 2: {len(site.urls)} URLs"), "a finished list starts a new run"
    assert len(Path("out/pages.jsonl").read_bytes().splitlines()) == len(site.urls)


def test_crawl_is_the_default_command(cli: Cli, site: Site) -> None:
    explicit = cli("crawl", site.seeds, "--connect-to", site.connect_to, "--out", "a", "--quiet")
    assert (explicit.code, explicit.out, explicit.err) == (0, "", "")
    assert cli(site.seeds, "--connect-to", site.connect_to, "--out", "b", "--quiet").code == 0
    assert Path("a/words.csv").read_bytes() == Path("b/words.csv").read_bytes()


def test_json_is_one_object_on_standard_output(cli: Cli, site: Site) -> None:
    said = cli(site.seeds, "--connect-to", site.connect_to, "--json", "--top", 3)
    assert json.loads(said.out) == json.loads(Path("output/urls/summary.json").read_bytes())
    assert len(json.loads(said.out)["top_words"]) == 3
    assert said.err.startswith("Run 1: ")
    quiet = cli(site.seeds, "--connect-to", site.connect_to, "--json", "--quiet")
    assert json.loads(quiet.out)["run"] == 2
    assert quiet.err == ""


def test_a_url_is_a_list_of_one(cli: Cli, site: Site) -> None:
    said = cli(site.urls[0], "--connect-to", site.connect_to)
    assert said.code == 0
    assert said.out.startswith(f"Run 1: 1 URL, from {site.urls[0]} to output/en.crawler.test;")


def test_hosts_under_crawler_test_are_answered_by_the_built_in_site(cli: Cli) -> None:
    for fetch in ("async", "threads", "sequential"):
        said = cli("http://ja.crawler.test/", "--fetch", fetch, "--out", fetch)
        assert said.code == 0
        assert re.search(r"; \*\.crawler\.test is the built-in site on 127\.0\.0\.1:\d+\n", said.out)


def test_a_weaker_room_is_named_in_the_first_line(cli: Cli, site: Site) -> None:
    said = cli(site.urls[0], "--connect-to", site.connect_to, "--analyze", "inline")
    assert said.out.splitlines()[0].endswith(
        "; async + inline; a bad page can harm the whole run (analysis runs in the loop's own thread)"
    )


def test_rejected_lines_are_reported_the_rest_is_crawled_and_the_exit_code_is_3(cli: Cli, site: Site) -> None:
    seeds(f"{site.urls[0]}\nnot a url\n")
    said = cli("urls.txt", "--connect-to", site.connect_to)
    assert said.code == 3
    assert said.err == "crawler: urls.txt, line 2: 'not a url': not a URL; write it in full\n"
    assert "Done, but 1 line of the seeds rejected: 1 page analysed" in said.out.splitlines()[-1]
    assert said.out.splitlines()[-1].count("1 line of the seeds rejected") == 1


def test_too_many_failures_are_exit_code_3_and_nothing_but_failures_1(cli: Cli, site: Site) -> None:
    there = ("--connect-to", site.connect_to)
    gone = [url for url in site.urls if "/gone/" in url]
    seeds("\n".join([site.urls[0], *gone[:1]]))
    assert cli("urls.txt", *there, "--out", "half").code == 0
    said = cli("urls.txt", *there, "--out", "strict", "--fail-if", "errors>0", "--quiet")
    assert said.code == 3
    assert said.err.startswith("crawler: Done, but more failed than --fail-if allows: 1 page analysed"), (
        "quiet, but not when something is wrong"
    )
    seeds("\n".join(gone))
    said = cli("urls.txt", *there, "--out", "none")
    assert said.code == 1
    assert "Nothing could be fetched: 0 pages analysed (0 words, 0 distinct)" in said.out
    assert Path("none/words.csv").read_text() == "word,count,pages\n"


def test_another_lists_folder_is_refused(cli: Cli, site: Site) -> None:
    cli(site.urls[0], "--connect-to", site.connect_to, "--out", "out")
    said = cli(site.urls[1], "--connect-to", site.connect_to, "--out", "out")
    assert said.code == 2
    assert said.err == (
        f"crawler: out: holds the results of {site.urls[0]}, not of {site.urls[1]}; give another folder with --out\n"
    )


def test_a_folder_in_use_is_exit_code_75(cli: Cli, site: Site, tmp_path: Path) -> None:
    command = (site.urls[0], "--connect-to", site.connect_to, "--out", "out")
    wish = "wait for it, or give another folder with --out"
    cli(*command)
    lock = FolderLock(tmp_path / "out")
    assert cli(*command) == (75, "", f"crawler: out is in use by another run; {wish}\n")
    for pid, who in ((os.getpid(), f" (process {os.getpid()}, since noon)"), (2**22 + 1, "")):
        with closing(sqlite3.connect("out/crawl.db")) as database, database:
            database.execute("UPDATE folder SET pid = ?, held_since = 'noon'", (pid,))
        assert cli(*command) == (75, "", f"crawler: out is in use by another run{who}; {wish}\n")
    lock.release()
    assert cli(*command).code == 0


def test_a_full_disk_is_exit_code_74_and_nothing_committed_is_lost(cli: Cli, site: Site) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (120_000, before[1]))
    try:
        said = cli(site.seeds, "--connect-to", site.connect_to, "--out", "out")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert said.code == 74
    assert re.fullmatch(
        r"crawler: out/[a-z.-]+: .*; what was committed is safe, and the same command carries on\n", said.err
    )
    after = cli(site.seeds, "--connect-to", site.connect_to, "--out", "out")
    assert after.code == 0
    assert Path("out/words.csv").read_bytes() == site.true_words()


def test_seeds_may_come_by_standard_input(site: Site, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "crawler", "-", "--connect-to", str(site.connect_to)],
        input=f"# one\n{site.urls[0]}\n",
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        check=True,
    )
    assert done.stdout.startswith("Run 1: 1 URL, from standard input to output/stdin;")
    assert done.stderr == ""


def test_help_names_every_option_and_groups_them_by_stage(cli: Cli, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli("--help")
    assert ended.value.code == 0
    text = capfd.readouterr().out
    for option in options():
        assert f"--{option.public.name}" in text
    stages = [line for line in text.splitlines() if re.fullmatch(r"[a-z ]+:", line)]
    together = "fetching and analysis together:"
    titles = ["fetching:", "analysis:", together, "what is visited:", "results:", "the run:"]
    assert stages == ["positional arguments:", "options:", *titles]


def test_an_internal_error_is_exit_code_70(cli: Cli, monkeypatch: pytest.MonkeyPatch, site: Site) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a bug of ours")

    monkeypatch.setattr("crawler.compose.totals", broken)
    said = cli(site.urls[0], "--connect-to", site.connect_to)
    assert said.code == 70
    assert "crawler: internal error: ZeroDivisionError('a bug of ours'); please report it" in said.err


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["us:s3cret@a.test/home"], "…@a.test/home: No such file or directory; give a file of URLs"),
        (["ftp://us:s3cret@a.test/"], "…@a.test/: its scheme is not crawled"),
        (["http://a.test/", "http://us:s3cret@a.test/"], "1 argument too many; quote what has spaces in it"),
        (
            ["http://a.test/", "--header", "X:", "Bearer", "s3cret"],
            "2 arguments too many; quote what has spaces in it",
        ),
        (["http://a.test/", "--he=X: s3cret"], "ambiguous option: --he could match --help, --header"),
        (["http://a.test/", "--headr=X: s3cret", "-s3cret"], "unrecognized arguments: --headr -s"),
        (["http://a.test/", "--verbose=s3cret"], "argument -v/--verbose: takes no value"),
        (["http://a.test/", "--header", "s3cret"], "--header: not a header on one line; write it as 'NAME: VALUE'"),
        (
            ["http://a.test/", "--header", "b.test X: s3cret"],
            "--header: the host of X is none that the seeds name (a",
        ),
        (["http://a.test/", "--sitemap", "http://us:s3/s3cret@a.test/"], "--sitemap http://…@a.test/: not a URL"),
        (["runs", "http://us:s3cret@a.test/"], "argument QUESTION: invalid choice: '…@a.test/'"),
        (["runs", "why", "us:s3cret@a.test/home", "."], "…@a.test/home: its scheme is not crawled"),
    ],
)
def test_what_may_be_a_secret_is_not_repeated(cli: Cli, arguments: list[str], shown: str) -> None:
    said = cli(*arguments)
    assert said.code == 2
    assert said.err.startswith(f"crawler: {shown}")
    assert "s3cret" not in said.err
    assert not list(Path().iterdir()), "nothing is written"
