"""What a comparison is told of one's own pages: what to record, how gently, and what is not to be kept."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from crawler.cli.parser import UsageError, add_some_settings, given, settings_of
from crawler.compare.recording.options import ENDING, OPTIONS
from crawler.settings import Settings


class Site(NamedTuple):
    """What is to be recorded, how it is called, by which rules, and into which file."""

    seeds: str
    name: str
    settings: Settings
    path: Path


def add_own_pages(parser: argparse.ArgumentParser) -> None:
    """Add SEEDS, --replay, and the options of a crawl that mean something to a recording."""
    parser.add_argument(
        "seeds", metavar="SEEDS", nargs="?", help="your own pages: a file of URLs, one a line; a URL; or - for stdin"
    )
    own = parser.add_argument_group("recording your own pages")
    own.add_argument("--replay", metavar="FILE", type=Path, help="compare on this recording (.warc, .warc.gz)")
    add_some_settings(own, OPTIONS)


def refuse_what_records_nothing(options: argparse.Namespace) -> None:
    """Options of a recording without one to be made. Raises UsageError."""
    if options.seeds is not None and options.replay:
        raise UsageError("--replay has its pages from a recording, and SEEDS are to be recorded; give one of them")
    if (of_recordings := given(options, OPTIONS)) and options.seeds is None:
        names = ", ".join(f"--{name}" for name in of_recordings)
        raise UsageError(f"{names}: only a recording asks for that; name the SEEDS to record, or leave it out")


def without_secrets(arguments: Sequence[str], options: argparse.Namespace) -> list[str]:
    """The command line as it may be kept: headers and passwords are for the site alone."""
    from crawler.urls import masked  # noqa: PLC0415

    shown = {url: masked(url) for url in (options.seeds, *(options.sitemap or ())) if url}
    shown |= dict.fromkeys(options.header or (), "…")
    return [_shown(argument, shown) for argument in arguments]


def _shown(argument: str, shown: Mapping[str, str]) -> str:
    name, _, value = argument.partition("=")
    if name.startswith("--") and value in shown:
        return f"{name}={shown[value]}"
    return shown.get(argument, argument)


def site_to_record(options: argparse.Namespace) -> Site:
    """What is to be recorded. Raises UsageError."""
    from crawler.seeds import UnusableSeeds  # noqa: PLC0415
    from crawler.source import source_of  # noqa: PLC0415

    try:
        source = source_of(options.seeds)
    except UnusableSeeds as error:
        raise UsageError(str(error)) from None
    settings = settings_of(options.seeds, None, given(options, OPTIONS))
    return Site(options.seeds, source.name, settings, options.out / f"{source.label}{ENDING}")
