"""`crawler runs`: which runs there were, what they did to hosts, and to one URL, and why."""

import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
from rich.console import Console

from crawler.canonical import canonicalizer
from crawler.cli.parser import OneLineParser, UsageError
from crawler.cli.screen import say
from crawler.exits import Exit
from crawler.insight.history import history
from crawler.insight.ledger import ledger
from crawler.insight.story import story
from crawler.plain import visible_json
from crawler.report.runs import history_table, ledger_table, ledger_title, story_lines
from crawler.settings import DEFAULT_STRIPPED
from crawler.source import OUTPUT_ROOT
from crawler.store.faults import UnusableFolder
from crawler.store.looking import holder, is_held
from crawler.store.reading import folders, last_run, reading
from crawler.urls import NotCrawlable, masked, parse

_WIDTH = 160
_DESCRIPTION = """\
Look into the results of crawls; without a question, list their runs. FOLDER is the output folder of one crawl,
by default the one under output/ that was written last (list: all of them)."""


def runs_command(arguments: Sequence[str]) -> int:
    """List runs, or answer a question about one.

    Raises UsageError.
    """
    options = runs_parser().parse_args(arguments)
    try:
        found = [options.folder] if options.folder else folders(OUTPUT_ROOT)
        match options.question:
            case "hosts":
                _hosts(found[-1], as_json=options.json)
            case "why":
                _why(found[-1], options.url, as_json=options.json)
            case _:
                _list(found, as_json=options.json)
    except UnusableFolder as error:
        raise UsageError(str(error)) from None
    return Exit.OK


def runs_parser() -> OneLineParser:
    """The parser of the `runs` command."""
    parser = OneLineParser("crawler runs", description=_DESCRIPTION)
    parser.set_defaults(folder=None, json=False)
    questions = parser.add_subparsers(dest="question", metavar="QUESTION", parser_class=OneLineParser)
    runs = questions.add_parser("list", help="the runs, when they began and how they stand")
    hosts = questions.add_parser("hosts", help="the politeness ledger: what was asked of each host, and how fast")
    why = questions.add_parser("why", help="what became of one URL, and why")
    why.add_argument("url", metavar="URL")
    for question in (runs, hosts, why):
        question.add_argument("folder", metavar="FOLDER", nargs="?", type=Path)
        question.add_argument("--json", action="store_true", help="as JSON, an object a folder")
    return parser


def _list(found: list[Path], *, as_json: bool) -> None:
    for folder in found:
        with reading(folder) as connection:
            records = history(connection)
            holding = holder(connection) if is_held(folder) else None
        if as_json:
            _print_json({"folder": str(folder), "pid": holding and holding[0], "runs": records})
            continue
        console = _console()
        say(f"Runs in {folder}", console)
        console.print(history_table(records, holding and holding[0]))


def _hosts(folder: Path, *, as_json: bool) -> None:
    with reading(folder) as connection:
        found = ledger(connection, last_run(connection, folder))
    if as_json:
        _print_json(found)
        return
    console = _console()
    say(ledger_title(found, str(folder)), console)
    console.print(ledger_table(found))


def _why(folder: Path, url: str, *, as_json: bool) -> None:
    try:
        wanted = canonicalizer(DEFAULT_STRIPPED)(parse(url))
    except NotCrawlable as error:
        raise UsageError(f"{masked(url)}: {error}") from None
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
        say(line, console)


def _console() -> Console:
    console = Console()
    if not console.is_terminal:  # a mail or a file has no edge at which to break
        console.width = _WIDTH
    return console


def _print_json(found: object) -> None:
    sys.stdout.write(visible_json(msgspec.json.encode(found)).decode() + "\n")
