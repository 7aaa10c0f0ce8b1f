"""Seeds: what a list of URLs may look like, and what is said of what it may not."""

from pathlib import Path

import pytest

from crawler.model import Job
from crawler.seeds import UnusableSeeds, read_seeds
from crawler.source import source_of


def test_blank_lines_comments_bom_and_any_line_end_are_fine() -> None:
    lines = b"\xef\xbb\xbf# a comment\r\nhttp://a.test\r\n\r\n  HTTP://B.test:80/x#y  \n#http://c.test/".splitlines()
    assert read_seeds(lines, "urls.txt").jobs == [Job("http://a.test/"), Job("http://b.test/x")]


def test_a_bom_right_before_a_url_is_no_part_of_it() -> None:
    assert read_seeds([b"\xef\xbb\xbfhttp://a.test/"], "urls.txt").jobs == [Job("http://a.test/")]


def test_seeds_get_their_canonical_form() -> None:
    lines = [b"http://a.test/%7ex?", b"http://a.test/?id=1&utm_source=y"]
    assert [job.url for job in read_seeds(lines, "urls.txt").jobs] == [
        "http://a.test/~x",
        "http://a.test/?id=1&utm_source=y",
    ]
    assert read_seeds(lines, "urls.txt", ("utm_*",)).jobs[1] == Job("http://a.test/?id=1")


def test_a_comment_need_not_be_utf8() -> None:
    lines = ["# 種".encode("cp932"), b"http://a.test/"]
    seeds = read_seeds(lines, "urls.txt")
    assert (seeds.jobs, seeds.rejected) == ([Job("http://a.test/")], [])


def test_rejected_lines_are_named_by_number_and_reason_and_the_rest_is_kept() -> None:
    seeds = read_seeds([b"http://a.test/", b"", b"a.test/x", b"ftp://b.test/", b"caf\xe9", b"x" * 200], "urls.txt")
    assert seeds.jobs == [Job("http://a.test/")]
    assert [str(line) for line in seeds.rejected] == [
        "line 3: 'a.test/x': not a URL; put http:// or https:// in front of it",
        "line 4: 'ftp://b.test/': the scheme 'ftp' is not crawled; only http and https are",
        "line 5: 'caf�': not UTF-8; save the list as UTF-8",
        f"line 6: '{'x' * 80}…': not a URL; write it in full",
    ]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "urls.txt: no URLs in it; give one URL a line"),
        ([b"# only", b"", b"# comments"], "urls.txt: no URLs in it; give one URL a line"),
        ([b"\x7fELF\x02", b"ab\0c"], r"urls.txt: not a text file \(a zero byte in line 2\); give a list"),
        (
            [b"one", b"two"],
            "urls.txt: 2 lines, none of them a URL .line 1: 'one': not a URL; write it in full.; give",
        ),
    ],
)
def test_a_list_without_a_url_is_refused(lines: list[bytes], message: str) -> None:
    with pytest.raises(UnusableSeeds, match=message):
        read_seeds(lines, "urls.txt")


def test_a_source_says_where_its_lines_are_and_where_results_go(tmp_path: Path) -> None:
    file = source_of(str(tmp_path / "towns.of.japan.txt"))
    assert (file.path, file.folder) == (tmp_path / "towns.of.japan.txt", Path("output/towns.of.japan"))
    url = source_of("http://Example.org:8080/x")
    assert (url.lines, url.folder) == (("http://Example.org:8080/x",), Path("output/example.org"))
    assert source_of("http://[::1]:80/").folder == Path("output/__1")
    stdin = source_of("-")
    assert (stdin.path, stdin.lines, stdin.folder) == (None, None, Path("output/stdin"))
    assert source_of(["http://a.test/"]).folder == Path("output/list")
    with pytest.raises(UnusableSeeds, match=r"^ftp://a\.test/: the scheme 'ftp' is not crawled"):
        source_of("ftp://a.test/")


def test_one_file_by_two_names_is_one_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert source_of("urls.txt").identity == source_of(tmp_path / "urls.txt").identity
    assert source_of("other/urls.txt").identity != source_of("urls.txt").identity
