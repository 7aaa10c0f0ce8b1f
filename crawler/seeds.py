"""Seeds: from the lines of a list to jobs, with every line that is no URL reported by its number."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from crawler.canonical import canonicalizer
from crawler.credentials import Credentials
from crawler.model import Job
from crawler.urls import NotCrawlable, masked, parse

_BOM = b"\xef\xbb\xbf"
_SHOWN_CHARS = 80


class UnusableSeeds(ValueError):
    """The list gives nothing to crawl; the message says why and what to do."""


class RejectedLine(NamedTuple):
    """A line that is no URL; its text shows nothing that may be a password."""

    number: int
    text: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.number}: {self.text!r}: {self.reason}"


class Seeds(NamedTuple):
    """What a list of URLs holds."""

    jobs: list[Job]
    rejected: list[RejectedLine]
    credentials: Credentials


def read_seeds(lines: Iterable[bytes], name: str, strip_params: tuple[str, ...] = ()) -> Seeds:
    """Jobs from lines of UTF-8, one URL a line; blank lines and lines that begin with `#` are passed over.

    URLs get their canonical form, without the query parameters that `strip_params` names, and without user and
    password, which are kept apart as the credentials of their origin.
    Raises UnusableSeeds, naming the list, when it is binary or holds no URL at all.
    """
    canonical = canonicalizer(strip_params)
    credentials = Credentials()
    jobs: list[Job] = []
    rejected: list[RejectedLine] = []
    for number, line in _entries(lines, name):
        try:
            text = line.decode()
            job = Job(canonical(parse(text)))
            credentials.take(text)
            jobs.append(job)
        except UnicodeDecodeError:
            rejected.append(_rejected(number, line, "not UTF-8; save the list as UTF-8"))
        except NotCrawlable as error:
            rejected.append(_rejected(number, line, str(error)))
    if not jobs:
        why = f"{len(rejected)} lines, none of them a URL ({rejected[0]})" if rejected else "no URLs in it"
        raise UnusableSeeds(f"{name}: {why}; give one URL a line")
    return Seeds(jobs, rejected, credentials)


def _entries(lines: Iterable[bytes], name: str) -> Iterator[tuple[int, bytes]]:
    for number, raw in enumerate(lines, start=1):
        if b"\0" in raw:
            raise UnusableSeeds(
                f"{name}: not a text file (a zero byte in line {number}); give a list, one URL a line"
            )
        line = (raw.removeprefix(_BOM) if number == 1 else raw).strip()
        if line and not line.startswith(b"#"):
            yield number, line


def _rejected(number: int, line: bytes, reason: str) -> RejectedLine:
    text = masked(line.decode(errors="replace"))
    return RejectedLine(number, text[:_SHOWN_CHARS] + "…" * (len(text) > _SHOWN_CHARS), reason)
