"""What can be set: one small frozen class a stage, each field carrying its public name, its reader and its help.

The command line, the TOML file and the `CRAWLER_*` variables are all made from these fields (`configure.py`,
`cli/options.py`), so that an option cannot exist in one of them only.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple

from crawler import readers
from crawler.readers import ConnectTo, FailIf

DEFAULT_USER_AGENT = "crawler/0.1 (word frequencies)"
PUBLIC = "public"


class Public(NamedTuple):
    """How a field is set from outside: its name, how its text is read, what to write in its place, what it does."""

    name: str
    read: Callable[[str], Any]
    metavar: str
    help: str
    repeatable: bool = False


def _public(
    default: Any,  # noqa: ANN401 - as the field's own type
    name: str,
    read: Callable[[str], Any],
    metavar: str,
    text: str,
    *,
    repeatable: bool = False,
) -> Any:  # noqa: ANN401
    return field(default=default, metadata={PUBLIC: Public(name, read, metavar, text, repeatable)})


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How bytes get here, and the bounds on what a server may send."""

    room: str = _public(
        "async",
        "fetch",
        readers.choice("async", "threads", "sequential"),
        "async|threads|sequential",
        "how pages are fetched: an event loop (aiohttp), a thread pool (curl), or one at a time",
    )
    concurrency: int = _public(32, "concurrency", readers.whole_number(1, 10_000), "N", "pages in the air at once")
    timeout_s: float = _public(
        30.0, "timeout", readers.duration, "TIME", "the most that one page may take to arrive (30s, 2m)"
    )
    max_body_bytes: int = _public(
        10 * 2**20, "max-body", readers.size, "SIZE", "the most bytes of one page as sent (500KB, 10MB)"
    )
    user_agent: str = _public(
        DEFAULT_USER_AGENT, "user-agent", readers.header_value, "TEXT", "what servers are told about who asks"
    )
    connect_to: tuple[ConnectTo, ...] = _public(
        (),
        "connect-to",
        ConnectTo.read,
        "HOST:PORT:ADDRESS:PORT",
        "connect elsewhere for a host, as curl has it (IPv6 in brackets; may be given more than once)",
        repeatable=True,
    )
    connect_timeout_s: float = 10.0
    first_byte_timeout_s: float = 20.0
    max_header_line_bytes: int = 16 * 2**10
    max_header_bytes: int = 64 * 2**10
    max_header_count: int = 256


@dataclass(frozen=True, slots=True)
class AnalyzeSettings:
    """What is read from a page, where that runs, and the bounds on it."""

    room: str = _public(
        "processes",
        "analyze",
        readers.choice("processes", "threads", "inline"),
        "processes|threads|inline",
        "where pages are analysed; only processes keep a bad page from harming the run",
    )
    parser: str = _public(
        "turbo", "parser", readers.choice("turbo", "soup"), "turbo|soup", "turbohtml, or BeautifulSoup (slower)"
    )
    workers: int = _public(
        0, "workers", readers.whole_number(0, 1_024), "N", "processes or threads for analysis; 0 is one a core"
    )
    top: int = _public(
        10, "top", readers.whole_number(0, 1_000), "N", "top words a page in pages.jsonl, and in the table"
    )
    max_text_bytes: int = 32 * 2**20
    max_links: int = 10_000
    max_title_chars: int = 300
    deadline_s: float = 10.0
    deadline_s_per_mib: float = 5.0
    max_growth_bytes: int = 768 * 2**20

    @property
    def worker_count(self) -> int:
        """The workers to start: as asked, or one for each core this process may use."""
        if self.workers:
            return self.workers
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class FrontierSettings:
    """What may be visited."""

    max_redirects: int = 10


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Where results go."""

    out: Path | None = _public(
        None, "out", Path, "FOLDER", "where results go; output/<name of the seeds> if not given"
    )
    commit_interval_s: float = 0.5


@dataclass(frozen=True, slots=True)
class RunSettings:
    """How the run behaves as a whole."""

    loop: str = _public("uvloop", "loop", readers.choice("uvloop", "asyncio"), "uvloop|asyncio", "the event loop")
    fail_if: FailIf = _public(
        FailIf(50.0, is_percent=True),
        "fail-if",
        FailIf.read,
        "errors>N|errors>N%",
        "exit with 3 when more URLs than that failed",
    )
    quiet: bool = _public(False, "quiet", readers.switch, "", "print nothing unless something is wrong")
    json: bool = _public(False, "json", readers.switch, "", "print the summary as one JSON object on standard output")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, by stage; `Settings()` is the default run."""

    fetch: FetchSettings = FetchSettings()
    analyze: AnalyzeSettings = AnalyzeSettings()
    frontier: FrontierSettings = FrontierSettings()
    store: StoreSettings = StoreSettings()
    run: RunSettings = RunSettings()


class Option(NamedTuple):
    """A public field and where it lives: `getattr(getattr(settings, stage), attribute)`."""

    stage: str
    attribute: str
    default: Any
    public: Public


def options() -> list[Option]:
    """Every public option, in the order of the stages."""
    return [
        Option(stage.name, item.name, item.default, item.metadata[PUBLIC])
        for stage in fields(Settings)
        for item in fields(stage.default)  # type: ignore[arg-type]
        if PUBLIC in item.metadata
    ]
