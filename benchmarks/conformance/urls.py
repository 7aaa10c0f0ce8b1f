"""The cases of web-platform-tests for URLs and their hosts, asked of `crawler.urls`.

    git clone --depth 1 https://github.com/web-platform-tests/wpt
    python -m benchmarks.conformance.urls wpt/url/resources/{urltestdata,toascii,IdnaTestV2}.json

Exit code 1 if a case disagrees. Fragments, users and passwords are left off what is expected, because the crawler
drops them from every URL; where a case without a base has a user or a password, `user_info` is to find exactly those.
Whatever leads to another scheme is to be refused, as it is no page to the crawler.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from crawler import urls

WEB = ("http:", "https:")


class Case(NamedTuple):
    """What `text` is to become, on a page at `base` if there is one; None where it is to be refused."""

    text: str
    base: str | None
    expected: str | None
    is_web: bool
    user_info: tuple[bytes, bytes] | None = None


def main() -> None:
    parser = argparse.ArgumentParser("benchmarks.conformance.urls", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="urltestdata, toascii or IdnaTestV2.json")
    options = parser.parse_args()
    has_differed = False
    for file in options.files:
        cases = list(_cases(json.loads(file.read_text(encoding="utf-8"))))
        differing = [case for case in cases if any(answer != case.expected for answer in _answers(case))]
        for name, is_web in (("http and https", True), ("other schemes, to be refused", False)):
            asked = sum(case.is_web == is_web for case in cases)
            if asked:
                differed = sum(case.is_web == is_web for case in differing)
                print(f"{file.name}, {name}: {asked - differed} of {asked} agree")
        for case in differing:
            print(f"  differs: {case}: {_answers(case)}")
        has_differed = has_differed or bool(differing)
    sys.exit(has_differed)


def _cases(entries: list[Any]) -> Iterator[Case]:
    """Of the entries in a file, those that are no comment, and no host left empty, which cannot be asked by a URL."""
    for entry in entries:
        if isinstance(entry, str) or (not entry["input"] and "output" in entry):
            continue
        base = entry.get("base")
        if "output" in entry:
            expected = None if entry["output"] is None else f"https://{entry['output']}/x"
            yield Case(f"https://{entry['input']}/x", None, expected, is_web=True)
        elif entry.get("failure"):
            is_web = (base or entry["input"]).lower().startswith(WEB)
            yield Case(entry["input"], base, None, is_web)
        else:
            is_web = entry["protocol"] in WEB
            expected = _without_user(entry["href"].partition("#")[0]) if is_web else None
            user = (
                (unquote_to_bytes(entry["username"]), unquote_to_bytes(entry["password"])) if is_web else (b"", b"")
            )
            yield Case(entry["input"], base, expected, is_web, user if any(user) else None)


def _without_user(href: str) -> str:
    """`href` as the suite has it, but for what stands before the `@` of its authority."""
    scheme, _, rest = href.partition("//")
    authority, slash, path = rest.partition("/")
    return f"{scheme}//{authority.rpartition('@')[2]}{slash}{path}"


def _answers(case: Case) -> list[str | None]:
    """What each function that may be asked makes of it."""
    if case.base is None:
        try:
            found = urls.parse(case.text)
            return [found if urls.user_info(case.text) == case.user_info else "another user"]
        except urls.NotCrawlable:
            return [None]
    answers = [urls.join(case.base, case.text)]
    if case.base.startswith(WEB):
        answers.append(urls.joiner(case.base)(case.text))
    return answers


if __name__ == "__main__":
    main()
