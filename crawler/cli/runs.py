"""`crawler runs`: what past runs did to hosts, and to one URL, and why."""

import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
from rich.console import Console

from crawler.canonical import canonicalizer
from crawler.cli.parser import OneLineParser, UsageError
from crawler.exits import Exit
from crawler.insight.ledger import ledger
from crawler.insight.story import story
from crawler.report.runs import ledger_table, ledger_title, story_lines
from crawler.settings import DEFAULT_STRIPPED
from crawler.source import OUTPUT_ROOT
from crawler.store.faults import UnusableFolder
from crawler.store.reading import last_run, latest_folder, reading
from crawler.urls import NotCrawlable, parse

_WIDTH = 160
_DESCRIPTION = """\
Look into the results of a crawl. FOLDER is its output folder, by default the one under output/ written last."""


def runs_command(arguments: Sequence[str]) -> int:
    """Answer one question about a run.

    Raises UsageError.
    """
    options = runs_parser().parse_args(arguments)
    if options.question is None:
        raise UsageError("what about them? say: runs hosts, or runs why URL; see crawler runs --help")
    try:
        folder = options.folder or latest_folder(OUTPUT_ROOT)
        if options.question == "hosts":
            _hosts(folder, as_json=options.json)
        else:
            _why(folder, options.url, as_json=options.json)
    except UnusableFolder as error:
        raise UsageError(str(error)) from None
    return Exit.OK


def runs_parser() -> OneLineParser:
    """The parser of the `runs` command."""
    parser = OneLineParser("crawler runs", description=_DESCRIPTION)
    questions = parser.add_subparsers(dest="question", metavar="QUESTION", parser_class=OneLineParser)
    hosts = questions.add_parser("hosts", help="the politeness ledger: what was asked of each host, and how fast")
    why = questions.add_parser("why", help="what became of one URL, and why")
    why.add_argument("url", metavar="URL")
    for question in (hosts, why):
        question.add_argument("folder", metavar="FOLDER", nargs="?", type=Path)
        question.add_argument("--json", action="store_true", help="as one JSON object")
    return parser


def _hosts(folder: Path, *, as_json: bool) -> None:
    with reading(folder) as connection:
        found = ledger(connection, last_run(connection, folder))
    if as_json:
        _print_json(found)
        return
    console = Console()
    if not console.is_terminal:  # a mail or a file has no edge at which to break
        console.width = _WIDTH
    console.print(ledger_title(found, str(folder)), markup=False, highlight=False, soft_wrap=True)
    console.print(ledger_table(found))


def _why(folder: Path, url: str, *, as_json: bool) -> None:
    try:
        wanted = canonicalizer(DEFAULT_STRIPPED)(parse(url))
    except NotCrawlable as error:
        raise UsageError(f"{url}: {error}") from None
    with reading(folder) as connection:
        run = last_run(connection, folder)
        found = story(connection, run, wanted)
        if found.state == "unknown" and (as_given := parse(url)) != wanted:
            found = story(connection, run, as_given)
    if as_json:
        _print_json(found)
        return
    console = Console()
    for line in story_lines(found, str(folder)):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _print_json(found: object) -> None:
    sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
