"""Lists of seeds, and what stands in the place of a list on the command line."""

from typing import Any

from hypothesis import strategies as st

from crawler.model import Job
from crawler.plain import visible
from crawler.seeds import UnusableSeeds, read_seeds
from crawler.settings import DEFAULT_STRIPPED
from crawler.source import source_of
from tests.fuzz.material import bodies, mixed, texts
from tests.fuzz.properties import crosses_walls, is_canonical, is_crawlable
from tests.fuzz.target import Target

SAMPLE = """\ufeff# seeds
http://example.org/
  https://日本語.jp/パス?utm_source=x#top

HTTP://Example.com:80/a/../%7e
example.com/no-scheme
ftp://example.com/
http://[::1]:8080/x
""".encode()
PIECES = [
    "http://", "https://", "HTTP:", "//", "example.org", "日本語.jp", "xn--", "[::1]", "[", "]", ":", "80",
    "99999", "0", "@", "u:p@", "/", "\\", "..", "%2e", "%", "%7e", "%00", "?", "utm_source=x", "&", "#", " ",
    "\t", "\v", "\x1c", "\u3000", "\u2028", "\x85", "\ufeff", "\x1b[31m", "0x7f.1", "256.1.1.1", "ftp://x",
    "mailto:a@b.c", "javascript:x", "file:///x", "\u212a", "ß", "\u00ad", "\u200d", "。", "％", "a" * 300, "-",
    "_", "*", "<", "|", "^",
]  # fmt: skip
ENDS = ["\n", "\r\n", "\r", "\0", "# "]
bytes_of_lists = bodies([SAMPLE], [piece.encode() for piece in (*PIECES, *ENDS)]) | mixed([*PIECES, *ENDS])
line = st.builds(
    "{}{}{}".format,
    st.sampled_from(["http://", "https://", "http://example.org/", "  http://h.test", ""]),
    texts(PIECES, max_size=6),
    st.sampled_from(["\n", "\n", "\r\n"]),
)
written = st.one_of(texts([*PIECES, *ENDS], max_size=20), st.lists(line, max_size=6).map("".join))
inputs = st.tuples(bytes_of_lists | written.map(lambda text: text.encode("utf-8", "replace")), texts(PIECES))


def check(given: Any) -> None:
    body, argument = given
    lines = body.splitlines()
    assert _read(lines) == _read(iter(lines))
    try:
        source = source_of(f"http://{argument}")
    except UnusableSeeds as error:
        _is_told(str(error))
    else:
        is_crawlable(source.identity)
        assert source.label not in ("", ".", "..") and not set("/\\\0") & set(source.label)


def _read(lines: Any) -> object:
    try:
        seeds = read_seeds(lines, "the list", DEFAULT_STRIPPED)
    except UnusableSeeds as error:
        _is_told(str(error))
        return str(error)
    assert seeds.jobs
    crosses_walls(seeds.jobs, list[Job])
    for job in seeds.jobs:
        is_canonical(job.url)
    for line in seeds.rejected:
        assert line.number >= 1
        _is_told(str(line))
    return seeds.jobs, seeds.rejected


def _is_told(text: str) -> None:
    """One line that a terminal takes, whatever stood in the list."""
    text.encode()
    assert text and "\n" not in visible(text)


TARGET = Target(inputs, check)
