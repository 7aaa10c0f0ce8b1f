"""Where links may lead: tables of examples."""

import re

import pytest

from crawler.frontier.scope import MAX_PARAMETERS, MAX_SAME_SEGMENTS, MAX_SEGMENTS, MAX_URL_CHARS, Scope
from crawler.orders import EXCLUDED, OUT_OF_SCOPE, TRAP
from crawler.settings import FrontierSettings
from crawler.sites import site_of
from crawler.urls import host

SEEDS = ("http://www.a.co.jp/x/index.html", "https://b.example/", "http://[::1]:8000/p/q?r=/s/", "http://c.example")
CASES: dict[str, dict[str, bool]] = {
    "host": {
        "http://www.a.co.jp/": True,
        "https://www.a.co.jp:8443/x?y": True,
        "http://a.co.jp/": False,
        "http://www.a.co.jp.example/": False,
        "http://other.co.jp/": False,
        "http://b.example/y": True,
        "http://sub.b.example/": False,
        "http://[::1]/": True,
        "http://user:word@b.example/": True,
        "http://b.example@evil.example/": False,
    },
    "site": {
        "http://a.co.jp/": True,
        "http://m.www.a.co.jp/": True,
        "http://other.co.jp/": False,
        "http://co.jp/": False,
        "http://sub.b.example/": True,
        "http://[::1]/": True,
        "http://[::2]/": False,
    },
    "prefix": {
        "http://www.a.co.jp/x/index.html": True,
        "http://www.a.co.jp/x/": True,
        "http://www.a.co.jp/x/deeper/still": True,
        "http://www.a.co.jp/x?y": False,
        "http://www.a.co.jp/xylophone": False,
        "http://www.a.co.jp/": False,
        "https://www.a.co.jp/x/": False,
        "https://b.example/anything": True,
        "https://b.example:444/anything": False,
        "http://[::1]:8000/p/other": True,
        "http://[::1]:8000/q": False,
    },
    "list": {"http://www.a.co.jp/x/index.html": False, "https://b.example/": False},
    "any": {"http://elsewhere.test/": True, "ftp://odd/": True},
}


def scope_of(kind: str, *, include: tuple[str, ...] = (), exclude: tuple[str, ...] = ()) -> Scope:
    patterns = [tuple(re.compile(text) for text in texts) for texts in (include, exclude)]
    return Scope(FrontierSettings(scope=kind, include=patterns[0], exclude=patterns[1]), site_of)


@pytest.mark.parametrize(("kind", "url", "is_in"), [(kind, *case) for kind in CASES for case in CASES[kind].items()])
def test_where_links_may_lead(kind: str, url: str, is_in: bool) -> None:
    scope = scope_of(kind)
    for seed in SEEDS[:3]:
        scope.add(seed, host(seed))
    refusal = scope.refusal(url, host(url))
    assert refusal == (None if is_in else (OUT_OF_SCOPE, f"out of scope ({kind})"))


@pytest.mark.parametrize(
    ("kind", "url", "is_larger"),
    [
        ("host", "http://www.a.co.jp/other", False),
        ("host", "http://a.co.jp/", True),
        ("site", "http://m.a.co.jp/", False),
        ("site", "http://new.example/", True),
        ("prefix", "http://www.a.co.jp/x/y/z", False),
        ("prefix", "http://www.a.co.jp/", True),
        ("list", "http://new.example/", False),
        ("any", "http://new.example/", False),
    ],
)
def test_it_tells_whether_it_has_grown(kind: str, url: str, is_larger: bool) -> None:
    scope = scope_of(kind)
    scope.add(SEEDS[0], host(SEEDS[0]))
    assert scope.add(url, host(url)) is is_larger
    assert scope.add(url, host(url)) is False


@pytest.mark.parametrize(
    ("include", "exclude", "url", "reason"),
    [
        ((), (), "http://a.test/x", None),
        (("/x",), (), "http://a.test/x", None),
        (("/x$", "/y"), (), "http://a.test/y?z", None),
        (("/x$", "/y$"), (), "http://a.test/y?z", "no --include is found in it"),
        ((), ("y", "x$"), "http://a.test/x", "--exclude x$ is found in it"),
        (("x",), ("x",), "http://a.test/x", "--exclude x is found in it"),
        (("y",), ("x",), "http://a.test/x", "no --include is found in it"),
        (("^http://a",), (), "http://a.test/", None),
    ],
)
def test_patterns(include: tuple[str, ...], exclude: tuple[str, ...], url: str, reason: str | None) -> None:
    refusal = scope_of("any", include=include, exclude=exclude).refusal(url, "a.test")
    assert refusal == (None if reason is None else (EXCLUDED, reason))


def test_what_is_out_of_scope_is_told_before_what_is_excluded() -> None:
    refusal = scope_of("host", exclude=("x",)).refusal("http://a.test/x", "a.test")
    assert refusal is not None and refusal[0] == OUT_OF_SCOPE


ROOT = "http://a.test"
TRAPS: list[tuple[str, str | None]] = [
    (ROOT + "/" + "x" * (MAX_URL_CHARS - len(ROOT) - 1), None),
    (ROOT + "/" + "x" * (MAX_URL_CHARS - len(ROOT)), "trap: longer than 2000 characters"),
    (ROOT + "".join(f"/{number}" for number in range(MAX_SEGMENTS)), None),
    (ROOT + "".join(f"/{number}" for number in range(MAX_SEGMENTS + 1)), "trap: more than 25 folders deep"),
    (ROOT + "/x" * MAX_SAME_SEGMENTS, None),
    (ROOT + "/x" * (MAX_SAME_SEGMENTS + 1), "trap: 'x' stands 5 times in its path"),
    (ROOT + "/a/x/b/x/a/x/b/x/a/x", "trap: 'x' stands 5 times in its path"),
    (ROOT + "/a/b/c/d/a/b/c/d/a/b/c/d/a/b/c/d", None),
    (ROOT + "/?" + "/x" * 20, None),
    (ROOT + "/" * 10, None),
    (ROOT + "/?" + "&".join(f"p{number}=1" for number in range(MAX_PARAMETERS)), None),
    (ROOT + "/?" + "&".join(f"p{number}=1" for number in range(MAX_PARAMETERS + 1)), "trap: more than 25 parameters"),
    (ROOT + "/x" * 3 + "/y/z?" + "&" * MAX_PARAMETERS, "trap: more than 25 parameters"),
    (ROOT + "/" + "&" * 40, None),
    ("http://x/x/x/x/x", None),
    (ROOT + "/", None),
    (ROOT, None),
]


@pytest.mark.parametrize("kind", ["host", "site", "prefix", "any"])
def test_a_url_of_megabytes_is_refused_at_a_glance(kind: str) -> None:
    scope = scope_of(kind, include=("(.*a)*b",))
    scope.add(ROOT + "/x/y", "a.test")
    for url in (ROOT + "/a" * 1_000_000, f"http://{'a.' * 1_000_000}test/"):
        assert scope.refusal(url, host(url)) == (TRAP, "trap: longer than 2000 characters")


def test_a_redirect_may_lead_down_any_number_of_folders() -> None:
    scope = scope_of("prefix")
    url = ROOT + "/a" * 500_000
    assert scope.add(ROOT + "/x/y", "a.test")
    assert scope.add(url, "a.test")
    assert not scope.add(ROOT + "/x/z", "a.test")


@pytest.mark.parametrize(("url", "reason"), TRAPS, ids=range(len(TRAPS)))
def test_traps(url: str, reason: str | None) -> None:
    assert scope_of("any").refusal(url, "a.test") == (None if reason is None else (TRAP, reason))
