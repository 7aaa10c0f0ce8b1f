"""What servers and pages say cannot command a terminal, hide in a file or become a file's name."""

import json
import os
import pty
import re
import sqlite3
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, suppress
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from crawler.cli.screen import say
from crawler.plain import visible
from crawler.source import source_of
from crawler.store.results import VISITED, page_lines
from tests.cli.conftest import Cli
from tests.fetch.wire import Step, Wire, close
from tests.sites import Site

ROOT = Path(__file__).parents[2]

TERMINAL = "\x1b]0;pwned\x07 \x1b[2J \x9b31m\x9d0;pwned\x9c \b\x7f"
HIDDEN = "\u202egnp.exe\u2066 \u2028 \u200b"
EVIL = TERMINAL + HIDDEN
"""A new window title, an empty screen, their 8-bit twins; text turned around, a line broken, a space of no width."""
HARMLESS = "日本語 e\u0301 👩\u200d💻 עברית :bomb: [red]"
"""What must come through as it is, though rich would draw something for the last two."""
HARM = re.compile("[\0-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u206f\ufeff]")
OURS = re.compile(r"\x1b\[[0-9;?]*[mKAhl]|\r")
"""What rich itself sends to a terminal: colours, lines cleared, the cursor moved and hidden."""
LEFT = {"crawl.db", "pages.jsonl", "words.csv", "summary.json", "runs/1/log.jsonl"}


def answer(body: str | bytes = b"", *headers: str, status: str = "200 OK") -> tuple[Step, ...]:
    content = body.encode() if isinstance(body, str) else body
    lines = (f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(content)}", "Connection: close", "", "")
    return ("\r\n".join(lines).encode() + content, close)


HTML = "Content-Type: text/html"
PAGE = (
    f"<html lang='{EVIL}'><meta charset='{EVIL}'><title>{HARMLESS}\n{EVIL} end</title>"
    f"<p>{HARMLESS}{EVIL}<a href='/:bomb:{EVIL}'>x</a><a href='//{EVIL}/'>y</a>"
)
ROBOTS = f"User-agent: *\nCrawl-delay: 0\nDisallow: /forbidden{EVIL}\nSitemap: {{}}map.xml\nSitemap: {{}}broken.xml"
SITEMAP = f"<urlset><url><loc>/listed{EVIL}</loc><lastmod>2020{EVIL}</lastmod></url></urlset>"
SCRIPTS = {
    "map.xml": answer(SITEMAP, f"Content-Type: {EVIL}"),
    "broken.xml": answer(f"<{EVIL}>", f"Content-Type: {EVIL}"),
    "": answer(
        PAGE,
        f"Content-Type: text/html; charset={EVIL}",
        f'Content-Disposition: attachment; filename="../../{EVIL}"',
        f"Content-Language: {EVIL}",
    ),
    "type": answer("x", f"Content-Type: {TERMINAL.replace(';', '')}"),
    "eight-bit-type": answer("x", "Content-Type: text/\x9b31m"),
    "turned-type": answer("x", "Content-Type: text/\u202egnp"),
    "moved": answer("", f"Location: mailto:{EVIL}", status="302 Found"),
    "led": answer("", f"Location: /to{EVIL}", status="302 Found"),
    "coding": answer("x", f"Content-Encoding: {EVIL}", HTML),
    "name": answer("x", f"Content-{EVIL}: text/html"),
    "line": answer("x", status=EVIL),
}
MISSING = answer(PAGE, HTML, status=f"404 {EVIL}")


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[Path]:
    """A list of the pages of a hostile host, and of what are no URLs."""
    scripts = defaultdict(lambda: MISSING, SCRIPTS)
    with Wire(scripts) as wire:
        scripts["robots.txt"] = answer(ROBOTS.format(wire.url(), wire.url()), "Content-Type: text/plain")
        names = [name for name in SCRIPTS if not name.endswith(("txt", "xml"))]
        urls = [wire.url(name) for name in (*names, f"forbidden{TERMINAL}{HIDDEN}x".replace(" ", "%20"))]
        path = tmp_path / "urls\x1b\x9b\u202e.txt"
        path.write_bytes("\n".join([*urls, f"no URL {EVIL}", ""]).encode())
        yield path


FLAGS = ("--out", "out", "-v", "--depth", "1", "--sitemaps", "--workers", "1")


@pytest.mark.parametrize("fetch", ["async", "threads"])
def test_no_pipe_and_no_file_gets_what_commands_a_terminal(fetch: str, hostile: Path, cli: Cli) -> None:
    said = cli(hostile, *FLAGS, "--fetch", fetch)
    assert said.code == 3
    assert r"content_type: text/\x9b31m is not read" in said.err
    assert r"content_type: text/\u202egnp is not read" in said.err
    assert r"content_type: \x1b]0pwned\x07 \x1b[2j" in said.err
    assert "/:bomb:%1B" in said.err
    assert r"'no URL \x1b]0;pwned" in said.err
    assert "robots.txt line 3: Disallow: /forbidden%1B" in said.err
    for stream in (said.out, said.err):
        assert HARM.search(stream) is None, ascii(stream)
    found = {str(path.relative_to("out")): path for path in Path("out").rglob("*") if path.is_file()}
    assert set(found) == LEFT, "whatever servers call their things"
    for name in LEFT - {"crawl.db"}:
        assert HARM.search(found[name].read_text(encoding="utf-8")) is None, name
    with closing(sqlite3.connect("out/crawl.db")) as connection:
        rows = connection.execute("SELECT url, urls.reason, lastmod, pages.* FROM urls LEFT JOIN pages USING (id)")
        texts = [value for row in rows for value in row if isinstance(value, str)]
    assert len(texts) > 50
    assert [text for text in texts if HARM.search(text)] == []
    pages = [json.loads(line) for line in found["pages.jsonl"].read_bytes().splitlines()]
    titles = [page["title"] for page in pages if page["title"] is not None]
    assert titles == [f"{HARMLESS} ]0;pwned [2J 31m0;pwned gnp.exe end"], "words of every script stay"


def test_questions_about_a_run_are_answered_in_visible_text(hostile: Path, cli: Cli) -> None:
    cli(hostile, *FLAGS)
    url = next(line for line in hostile.read_text(encoding="utf-8").split("\n") if line.endswith("/eight-bit-type"))
    for question in (["hosts"], ["why", url]):
        for form in ([], ["--json"]):
            said = cli("runs", *question, "out", *form)
            assert said.code == 0, said.err
            assert HARM.search(said.out + said.err) is None, ascii(said.out)


def test_a_database_from_elsewhere_is_shown_as_visible_text(hostile: Path, cli: Cli) -> None:
    cli(hostile, *FLAGS)
    url = hostile.read_text(encoding="utf-8").split("\n")[0]
    with closing(sqlite3.connect("out/crawl.db")) as connection, connection:
        connection.execute("UPDATE urls SET reason = ?, lastmod = ?", (EVIL, EVIL))
        connection.execute("UPDATE pages SET title = ?, content_type = ?, reason = ?", (EVIL, EVIL, EVIL))
        connection.execute("UPDATE hosts SET host = ?", (EVIL,))
        connection.execute("UPDATE runs SET agent = ?, started_at = ?", (EVIL, EVIL))
        connection.row_factory = sqlite3.Row
        assert HARM.search(b"".join(page_lines(connection, 1, VISITED)).decode()) is None
    for question in (["list"], ["hosts"], ["why", url]):
        for form in ([], ["--json"]):
            said = cli("runs", *question, "out", *form)
            assert "pwned" in said.out
            assert HARM.search(said.out + said.err) is None, ascii(said.out)


def test_a_line_is_shown_as_it_is() -> None:
    shown = StringIO()
    say(f"{HARMLESS} {EVIL} {'long ' * 100}", Console(file=shown, force_terminal=True, width=20))
    assert shown.getvalue() == f"{HARMLESS} {visible(EVIL)} {'long ' * 100}\n"


def test_a_standard_output_that_lacks_letters_gets_their_escapes(site: Site, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "crawler", "http://ja.crawler.test/", "--connect-to", str(site.connect_to)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert rb"\u3" in done.stdout


def test_names_that_cannot_be_written_down_are_refused(cli: Cli, tmp_path: Path) -> None:
    name = os.fsdecode(b"urls\xff.txt")
    Path(name).write_text("http://a.test/\n", encoding="utf-8")
    said = cli(name)
    assert (said.code, said.err) == (2, "crawler: urls\\udcff.txt: this name is not UTF-8; rename it\n")
    said = cli("http://a.test/", "--out", os.fsdecode(b"out\xff"))
    assert (said.code, said.err) == (2, "crawler: --out: 'out\\udcff' is not UTF-8; give another name\n")


def test_a_terminal_gets_no_sequences_but_ours(hostile: Path, tmp_path: Path) -> None:
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler", str(hostile), *FLAGS],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color"},
        stdin=subprocess.DEVNULL,
        stdout=follower,
        stderr=follower,
    )
    os.close(follower)
    shown = b""
    with process, closing(os.fdopen(leader, "rb", buffering=0)) as terminal, suppress(OSError):
        while chunk := terminal.read(65_536):  # OSError is how Linux tells the end of a terminal
            shown += chunk
    text = shown.decode()
    assert process.returncode == 3, text
    assert "\x1b[?25l" in text, "it was taken for a terminal"
    assert r"text/\x9b31m is not read" in text
    assert HARM.search(OURS.sub("", text)) is None, ascii(text)


@pytest.mark.parametrize(
    "arguments",
    [[f"http://{EVIL}/"], [f"none{EVIL}.txt"], ["--fetch", EVIL, "x"], [f"--{EVIL}"], ["runs", "why", EVIL, "x"]],
)
def test_what_is_wrong_with_the_command_is_said_in_visible_text(arguments: list[str], cli: Cli) -> None:
    said = cli(*arguments)
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert r"\x1b]0;pwned\x07" in said.err
    assert HARM.search(said.err) is None


def test_an_internal_error_is_told_in_visible_text(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_arguments: object) -> int:
        raise RuntimeError(EVIL)

    monkeypatch.setattr("crawler.cli.main.COMMANDS", {"crawl": broken})
    said = cli("x")
    assert said.code == 70
    assert said.err.count("\n") > 3
    assert HARM.search(said.err) is None


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("http://../", "__"),
        ("http://./", "_"),
        ("http://.../x", "___"),
        ("http://a/..%2f..%2fx/../../y", "a"),
        ("http://a\"b*c'(d)/", "a_b_c__d_"),
        ("http://[::1]:9/", "__1"),
        ("http://me:you@a.test:9/", "a.test"),
        ("http://日本.jp/", "xn--wgv71a.jp"),
    ],
)
def test_the_folder_of_a_url_lies_in_the_output_folder(url: str, folder: str) -> None:
    assert source_of(url).folder == Path("output") / folder


@pytest.mark.parametrize(("name", "folder"), [("...txt", "__"), ("a.b.txt", "a.b"), ("日本", "日本")])
def test_the_folder_of_a_list_lies_in_the_output_folder(name: str, folder: str) -> None:
    assert source_of(name).folder == Path("output") / folder
