"""`crawler compare`: the same work under each strategy, or what strategies are made of."""

import argparse
import re
import shlex
import textwrap
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from crawler import readers
from crawler.cli.own_pages import add_own_pages, refuse_what_records_nothing, site_to_record, without_secrets
from crawler.cli.parser import OneLineParser, UsageError
from crawler.compare.arms import ARMS, REFERENCE, find_arm, spelled, why_not
from crawler.exits import Exit
from crawler.settings import FetchSettings
from crawler.site.settings import LARGEST_KB

if TYPE_CHECKING:
    from crawler.cli.telling import Telling

_T = TypeVar("_T")

OUT: Final = Path("output", "compare")
LANGUAGES: Final = ("en", "ja")
_CONCURRENCY: Final = readers.whole_number(1, 1_000)
_SWEEP: Final = re.compile(r"concurrency=(.+)")

_DESCRIPTION = """\
Measure strategies against each other on the same pages, served by a website of
its own on this machine: how fast each is and how sure that is, what it costs in
CPU and memory, and why. Each sample is a crawl in a fresh process; strategies
take turns in random order; one whose words are wrong is disqualified.

With SEEDS, these pages are crawled once, politely, and recorded; then every
strategy is given the recording, with its waits, and none touches the site.

With --primitives, measure instead what strategies are made of: threads,
processes, interpreters and the GIL."""

_EPILOG = f"""\
strategies, as a way to fetch + a place to analyse (@ what is not the default),
and as so many processes that each do both, written 2x(async+inline), 2 to 64:
{textwrap.fill(", ".join(ARMS), 78, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)}

docs/comparing.md tells how to read the answer.

exit codes: 0 compared; 1 no strategy came to an end; 2 usage; 3 compared, but a
strategy gave wrong words, failed, or became slower than in --against, or
nothing could be compared with that; 70 internal error; 74 results could not be
written; 75 another comparison holds the folder; 130, 143 interrupted, and what
was measured is kept"""


def compare_command(arguments: Sequence[str]) -> int:
    """Measure, judge and tell; the exit code.

    Raises UsageError.
    """
    options = compare_parser().parse_args(arguments)
    _refuse_contradictions(options)
    from crawler.cli.telling import Telling  # noqa: PLC0415 - cheap doors
    from crawler.store.faults import FolderInUse  # noqa: PLC0415

    telling = Telling(options.out, as_json=options.json, as_markdown=options.markdown, is_quiet=options.quiet)
    try:
        if options.primitives:
            return _measure_primitives(options.language or LANGUAGES[0], telling)
        return _compare(options, telling, arguments)
    except FolderInUse:
        held = f"{options.out} is in use by another run; wait for it, as they would disturb each other"
        return telling.fail(held, Exit.IN_USE)


def _measure_primitives(language: str, telling: "Telling") -> int:
    from crawler.cli.primitives import run_primitives  # noqa: PLC0415

    return run_primitives(language, telling)


def _compare(options: argparse.Namespace, telling: "Telling", arguments: Sequence[str]) -> int:
    from crawler.cli.comparing import run_comparison  # noqa: PLC0415
    from crawler.compare.order import BUDGET_S, QUICK_BUDGET_S, Order  # noqa: PLC0415

    site = site_to_record(options) if options.seeds is not None else None
    order = Order(
        recording=site.path if site else options.replay,
        strategies=options.strategies or (),
        workloads=options.workloads or (),
        latency=options.latency,
        page_kb=options.page_kb,
        pages=options.pages,
        hosts=options.hosts,
        concurrency=options.concurrency or FetchSettings().concurrency,
        sweep=options.sweep or (),
        reference=_reference(options),
        budget_s=options.budget or (QUICK_BUDGET_S if options.quick else BUDGET_S),
        is_quick=options.quick,
        is_crossover=options.crossover,
        seed=options.seed or 1,
        command=shlex.join(["python", "-m", "crawler", "compare", *without_secrets(arguments, options)]),
    )
    if site is None:
        return run_comparison(order, options.against, telling)
    from crawler.cli.recording import record  # noqa: PLC0415

    return run_comparison(order, options.against, telling, partial(record, site, telling))


def compare_parser() -> OneLineParser:
    """The parser of the `compare` command."""
    parser = OneLineParser(
        "crawler compare",
        usage="crawler compare [SEEDS] [options]",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    what = parser.add_argument_group("what is compared")
    what.add_argument("--strategies", metavar="A,B,C", type=_reading(_arms), help="only these (default: all)")
    what.add_argument(
        "--workloads", metavar="A,B,C", type=_reading(_some), help="of io, cpu, mixed, hostile (default: all)"
    )
    what.add_argument(
        "--crossover",
        action="store_true",
        help="the same pages with less and less latency: where do strategies overtake each other?",
    )
    what.add_argument("--reference", metavar="NAME", help=f"what the others are compared with ({REFERENCE})")
    what.add_argument(
        "--concurrency", metavar="N", type=_reading(_CONCURRENCY), help="pages in the air at once, for all (32)"
    )
    what.add_argument(
        "--sweep", metavar="concurrency=N,N,N", type=_reading(_sweep), help="and how speed changes with that limit"
    )
    pages = parser.add_argument_group("the pages")
    pages.add_argument("--latency", metavar="TIME", help="none, fixed:50ms, or lognormal:80ms (its median)")
    pages.add_argument("--page-kb", metavar="KB", type=_reading(_kb), help="size of a page")
    pages.add_argument(
        "--pages", metavar="N", type=_reading(readers.whole_number(1, 100_000)), help="how many a crawl has"
    )
    pages.add_argument(
        "--hosts", metavar="N", type=_reading(readers.whole_number(1, 1_000)), help="how many hosts they lie on"
    )
    pages.add_argument(
        "--seed", metavar="N", type=_reading(readers.whole_number(1, 2**31)), help="another seed, other pages (1)"
    )
    effort = parser.add_argument_group("how long")
    effort.add_argument(
        "--budget", metavar="TIME", type=_reading(readers.duration), help="samples are left out beyond it (10m)"
    )
    effort.add_argument("--quick", action="store_true", help="a first look, in about a minute")
    telling = parser.add_argument_group("what is told")
    telling.add_argument(
        "--out", metavar="FOLDER", type=_reading(readers.folder), default=OUT, help="where files go (%(default)s)"
    )
    telling.add_argument(
        "--against", metavar="FILE", type=Path, help="say what became slower since an earlier result"
    )
    telling.add_argument("--json", action="store_true", help="print all that was measured as one JSON object")
    telling.add_argument("--markdown", action="store_true", help="print a table for pasting into an issue")
    telling.add_argument("-q", "--quiet", action="store_true", help="print nothing unless something is wrong")
    add_own_pages(parser)
    parts = parser.add_argument_group("what strategies are made of")
    parts.add_argument("--primitives", action="store_true", help="measure that instead")
    parts.add_argument("--language", choices=LANGUAGES, help="in which it is told (en)")
    return parser


_OF_COMPARISONS = (
    *("strategies", "workloads", "reference", "concurrency", "sweep", "latency", "page_kb", "pages", "hosts"),
    *("seed", "budget", "quick", "crossover", "against", "seeds", "replay"),
)
_NOT_OF_LADDERS = ("workloads", "latency", "sweep", "seeds", "replay")


def _refuse_contradictions(options: argparse.Namespace) -> None:
    if options.primitives:
        others = [_called(name) for name in _OF_COMPARISONS if getattr(options, name)]
        if others:
            raise UsageError(f"--primitives is always the same measurement; leave {', '.join(others)} out")
    elif options.language:
        raise UsageError("--language is for --primitives, which tells its story in two; leave one out or give both")
    if options.crossover:
        others = [_called(name) for name in _NOT_OF_LADDERS if getattr(options, name)]
        if others:
            raise UsageError(f"--crossover has workloads and latencies of its own; leave {', '.join(others)} out")
    if options.quick and options.budget:
        raise UsageError("--quick is a budget of its own; give it or --budget")
    refuse_what_records_nothing(options)
    if options.json and options.markdown:
        raise UsageError("--json and --markdown both want standard output; give one (the files hold both)")


def _called(name: str) -> str:
    return "SEEDS" if name == "seeds" else f"--{name.replace('_', '-')}"


def _reference(options: argparse.Namespace) -> str:
    """What was named, else the usual one, else the first of those that are compared, and can run and be ranked."""
    strategies: tuple[str, ...] = options.strategies or tuple(ARMS)
    able = [name for name in strategies if (arm := find_arm(name)) and arm.is_ranked and why_not(arm) is None]
    usual = REFERENCE if REFERENCE in able else next(iter(able), strategies[0])
    return spelled(options.reference or usual)


def _reading(read: Callable[[str], _T]) -> Callable[[str], _T]:
    """A reader whose complaint argparse shows."""

    def reading(text: str) -> _T:
        try:
            return read(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return reading


def _sweep(text: str) -> tuple[int, ...]:
    found = _SWEEP.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no sweep; write concurrency=1,4,16,64,256")
    return tuple(sorted({_CONCURRENCY(number) for number in _some(found[1])}))


def _some(text: str) -> tuple[str, ...]:
    """Names with commas between them, one at least."""
    found = tuple(dict.fromkeys(name for part in text.split(",") if (name := part.strip())))
    if not found or found == ("-",):
        raise ValueError(f"{text!r} names nothing; write names with commas between them")
    return found


def _arms(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(spelled, _some(text))))


def _kb(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,5}(\.[0-9]{1,3})?", text) or not 1 <= float(text) <= LARGEST_KB:
        raise ValueError(f"{text!r} is no size of a page; give 1 to {LARGEST_KB}, in KB")
    return float(text)
