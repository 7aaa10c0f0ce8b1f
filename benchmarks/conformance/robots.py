"""The cases of google/robotstxt and scrapy/protego, asked of this crawler's robots.txt.

    git clone https://github.com/google/robotstxt; git clone https://github.com/scrapy/protego
    python -m benchmarks.conformance.robots robotstxt protego

Exit code 1 if a case disagrees that DELIBERATE does not explain.
"""

import argparse
import contextlib
import io
import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, NoReturn

import pytest

from crawler import urls
from crawler.analyze.robots import read_robots
from crawler.frontier.robots import verdict

DELIBERATE = {
    "ID_Encoding FooBot http://foo.bar/foo/bar/baz": "by RFC 9309, %62%61%7A is compared as baz",
    "test_protego.py::TestProtego::test_grouping_unknown_keys": "by RFC 9309, 2.2.4, only rules end a list of agents",
    "test_protego.py::TestProtego::test_generosity": "more than two words without a colon are prose, as for Google",
    "test_on_google_spec.py::test_user_agent_precedence[/group1-hedwig-news2]": "tokens are equal, not contained",
    "test_on_google_spec.py::test_user_agent_precedence[/group3-hedwig-new]": "tokens are equal, not contained",
    "test_on_google_spec.py::test_user_agent_precedence[/group3-hedwig-images]": "tokens are equal, not contained",
}
PROTEGO_FILES = ("test_protego.py", "test_on_google_spec.py", "test_on_fetched_robotstxt.py")


class Score(NamedTuple):
    """How the cases of one suite went: how many agreed, which did not, and which could not be put and why."""

    agreed: int
    differed: list[str]
    skipped: list[str]


def main() -> None:
    parser = argparse.ArgumentParser("benchmarks.conformance.robots", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("google", type=Path, metavar="CHECKOUT_OF_GOOGLE_ROBOTSTXT")
    parser.add_argument("protego", type=Path, metavar="CHECKOUT_OF_PROTEGO")
    options = parser.parse_args()
    scores = [("google/robotstxt robots_test.cc", google_score(options.google / "robots_test.cc"))]
    scores += [(f"scrapy/protego {name}", protego_score(options.protego / "tests" / name)) for name in PROTEGO_FILES]
    for suite, score in scores:
        print(f"{suite}: {score.agreed} of {score.agreed + len(score.differed)} agree")
        for case in score.differed:
            print(f"  differs: {case}: {DELIBERATE.get(case, 'UNEXPLAINED')}")
        for case in score.skipped:
            print(f"  not put: {case}")
    if not all(case in DELIBERATE for _, score in scores for case in score.differed):
        sys.exit(1)


class Case(NamedTuple):
    """One expectation of Google's: whether `agent` may fetch `url` under `text`."""

    test: str
    text: str
    agent: str
    url: str
    allowed: bool


def google_score(source: Path) -> Score:
    """Cases are put as they stand; only the URL without anything is given the path that Google gives it."""
    text = source.read_text(encoding="utf-8")
    cases = list(_google_cases(text))
    differed = []
    for case in cases:
        robots = read_robots(case.text.encode(), case.agent.lower())
        if (verdict(robots, case.url or "http://foo.bar/") is None) != case.allowed:
            differed.append(f"{case.test} {case.agent} {case.url}")
    others = len(re.findall(r"^\s*(?:EXPECT_|TestPath\(\"|TestEscape\(\")", text, re.MULTILINE)) - len(cases)
    skipped = [f"{others} expectations about the names, reports and helpers of that library"]
    return Score(len(cases) - len(differed), differed, skipped)


class _Text(str):
    """A string with what C++ calls its length."""

    __slots__ = ()

    def length(self) -> int:
        return len(self)

    size = length


def _str_cat(*parts: str) -> _Text:
    return _Text("".join(parts))


_LITERAL = r'"(?:\\.|[^"\\])*"'
_COMMENT = re.compile(rf"({_LITERAL})|//[^\n]*")
_TEST = re.compile(r"^TEST\(RobotsUnittest, (\w+)\) \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_STATEMENT = re.compile(rf"\s*((?:{_LITERAL}|[^;{{}}\"])*[;{{}}])")
_DECLARATION = re.compile(r"(?:const )?(?:absl::string_view|std::string|size_t|int) (\w+)\s*=(.*);", re.DOTALL)
_APPEND = re.compile(r"absl::StrAppend\(&(\w+),(.*)\);", re.DOTALL)
_LOOP = re.compile(r"while \((.*)\) \{", re.DOTALL)
_EXPECTATION = re.compile(r"EXPECT_(TRUE|FALSE)\(\s*IsUserAgentAllowed\((.*)\)\);", re.DOTALL)


def _google_cases(source: str) -> Iterator[Case]:
    """Runs the little C++ that the cases are written in: strings, their lengths, appending, one kind of loop."""
    for test, block in _TEST.findall(_COMMENT.sub(r"\1", source)):
        names: dict[str, object] = {"StrCat": _str_cat, "string": _Text}
        statements = _STATEMENT.findall(block) if "IsUserAgentAllowed(" in block else []
        for at, statement in enumerate(statements):
            if found := _LOOP.fullmatch(statement):
                while _evaluate(found[1], names):
                    for each in statements[at + 1 : statements.index("}", at)]:
                        _assign(each, names)
            elif found := _EXPECTATION.fullmatch(statement):
                text, agent, url = _evaluate(found[2], names)
                yield Case(test, text, agent, url, found[1] == "TRUE")
            else:
                _assign(statement, names)


def _assign(statement: str, names: dict[str, object]) -> None:
    if found := _DECLARATION.fullmatch(statement):
        value = _evaluate(found[2], names)
        names[found[1]] = _Text(value) if isinstance(value, str) else value
    elif found := _APPEND.fullmatch(statement):
        names[found[1]] = _evaluate(f"StrCat({found[1]}, {found[2]})", names)


def _evaluate(expression: str, names: dict[str, object]) -> Any:  # noqa: ANN401 - whatever the expression is
    return eval(f"({re.sub('absl::|std::', '', expression)})", {"__builtins__": {}}, names)


def protego_score(tests: Path) -> Score:
    """The suite itself runs, on a Protego that asks this crawler; what we have no answer to is skipped."""
    _pretend_to_be_protego()
    collected = _Outcomes()
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.dont_write_bytecode = True
    flags = ["-c", os.devnull, f"--rootdir={tests.parent}", "--import-mode=importlib", "-p", "no:cacheprovider"]
    with contextlib.redirect_stdout(io.StringIO()) as output:
        code = pytest.main([*flags, str(tests)], plugins=[collected])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        sys.exit(output.getvalue())
    return Score(collected.passed, collected.failed, collected.skipped)


class _Outcomes:
    """A plugin of pytest that remembers how the tests ended."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed: list[str] = []
        self.skipped: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
            self.skipped.append(f"{report.nodeid}: {reason}")
        elif report.failed:
            self.failed.append(report.nodeid)
        elif report.when == "call":
            self.passed += 1


class _Protego:
    """The part of protego's interface that our answers can fill."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self.sitemaps: Iterable[str] = iter(read_robots(body, "*").sitemaps)

    @classmethod
    def parse(cls, content: str) -> "_Protego":
        if not isinstance(content, str):
            _skip("check of types")
        return cls(content.encode())

    def can_fetch(self, url: str, user_agent: str) -> bool:
        serialised = urls.join("http://site.local/", url)
        return serialised is not None and verdict(read_robots(self._body, _token(user_agent)), serialised) is None

    def crawl_delay(self, user_agent: str) -> float | None:
        return read_robots(self._body, _token(user_agent)).delay_s

    def __getattr__(self, name: str) -> NoReturn:
        _skip(name)


def _token(user_agent: str) -> str:
    """The product token in a User-Agent header, or in what a test calls an agent."""
    found = re.match(r"(?:Mozilla/5\.0 \(compatible; )?([^\s/]*)", user_agent)
    assert found
    return found[1].lower()


def _skip(name: str) -> NoReturn:
    pytest.skip(f"no {name} here")


def _pretend_to_be_protego() -> None:
    package, utils = ModuleType("protego"), ModuleType("protego._utils")
    vars(package).update(Protego=_Protego, __path__=[])
    vars(utils).update(_parse_time_period=lambda *_, **__: _skip("time period"))
    sys.modules.update({"protego": package, "protego._utils": utils})


if __name__ == "__main__":
    main()
