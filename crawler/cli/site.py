"""`crawler site`: serve the built-in website for as long as one likes."""

import argparse
import asyncio
import signal
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from crawler import loop
from crawler.cli.parser import OneLineParser, UsageError
from crawler.exits import Exit
from crawler.site.place import Place
from crawler.site.server import serve
from crawler.site.settings import LANGUAGES, SiteSettings

_DESCRIPTION = """\
Serve the built-in website: hosts under crawler.test in ten languages, the same for the same settings, with its
own true word counts at /truth.json, its URLs at /seeds.txt, and what a crawl by links must find at /crawl.json.

With --hostile, serve instead a host under hostile.test for each fault that a crawler must survive: /expected.json
says what each does, how a crawl of it must end and what it may cost, and /stats.json what it did cost."""


def site_command(arguments: Sequence[str]) -> int:
    """Serve until interrupted.

    Raises UsageError.
    """
    options = site_parser().parse_args(arguments)
    if options.hostile and (given := _given_content(options)):
        raise UsageError(f"--hostile is always the same site; leave {', '.join(given)} out")
    try:
        settings = SiteSettings(
            seed=options.seed,
            pages=options.pages,
            languages=tuple(options.languages.split(",")),
            min_kb=options.min_kb,
            max_kb=options.max_kb,
            latency=options.latency,
        )
    except ValueError as error:
        raise UsageError(str(error)) from None
    try:
        if options.hostile:
            loop.run(_serve_hostile(options.host, options.port), "asyncio")
        else:
            loop.run(_serve(settings, options.host, options.port, options.access_log), "asyncio")
    except OSError as error:
        if error.filename is not None:
            raise UsageError(f"{error.filename}: {error.strerror}; give another --access-log") from None
        raise UsageError(f"cannot listen on {options.host}:{options.port}: {error}; give another --port") from None
    except OverflowError as error:
        raise UsageError(f"cannot listen on {options.host}:{options.port}: {error}; give another --port") from None
    return Exit.OK


def _given_content(options: argparse.Namespace) -> list[str]:
    """The options that make another site."""
    default = SiteSettings()
    usual = {field.name: getattr(default, field.name) for field in fields(SiteSettings)}
    usual["languages"] = ",".join(default.languages)
    return [f"--{name.replace('_', '-')}" for name, value in usual.items() if getattr(options, name) != value]


def site_parser() -> OneLineParser:
    """The parser of the `site` command."""
    default = SiteSettings()
    parser = OneLineParser("crawler site", description=_DESCRIPTION)
    listening = parser.add_argument_group("listening")
    listening.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    listening.add_argument(
        "--port", type=int, default=8000, metavar="N", help="port; 0 takes a free one (%(default)s)"
    )
    listening.add_argument(
        "--access-log", type=Path, metavar="FILE", help="one line a request: when, how long, host, path, status"
    )
    content = parser.add_argument_group("content")
    content.add_argument("--hostile", action="store_true", help="the hostile site, which takes no other of these")
    content.add_argument("--seed", type=int, default=default.seed, metavar="N", help="another seed, another site")
    content.add_argument("--pages", type=int, default=default.pages, metavar="N", help="how many (%(default)s)")
    content.add_argument("--languages", default=",".join(LANGUAGES), metavar="CODES", help="(default: %(default)s)")
    content.add_argument("--min-kb", type=float, default=default.min_kb, metavar="KB", help="smallest page")
    content.add_argument("--max-kb", type=float, default=default.max_kb, metavar="KB", help="largest page")
    content.add_argument(
        "--latency", default=default.latency, metavar="TIME", help="none, fixed:50ms, or lognormal:80ms (its median)"
    )
    return parser


def _interrupted() -> asyncio.Event:
    stop = asyncio.Event()
    for which in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(which, stop.set)
    return stop


async def _serve(settings: SiteSettings, host: str, port: int, access_log: Path | None) -> None:
    def tell(place: Place) -> None:
        first = settings.languages[0]
        print(f"http://{place.host}:{place.port}/ is {first}.crawler.test and its sisters; Ctrl-C ends it")
        print(f"crawl it: crawler SEEDS {_rules(place)}", flush=True)

    await serve(settings, host, port, on_ready=tell, stop=_interrupted(), access_log=access_log)


async def _serve_hostile(host: str, port: int) -> None:
    from crawler.site.hostile.catalog import SETTINGS  # noqa: PLC0415 - it makes much at once
    from crawler.site.hostile.server import serve as serve_hostile  # noqa: PLC0415

    def tell(place: Place) -> None:
        options = " ".join(f"--{name} {value}" for name, value in SETTINGS.items())
        print(f"http://{place.host}:{place.port}/expected.json is the table of *.hostile.test; Ctrl-C ends it")
        print(f"crawl it: crawler seeds/hostile.txt {options} {_rules(place)}", flush=True)

    await serve_hostile(host, port, on_ready=tell, stop=_interrupted())


def _rules(place: Place) -> str:
    return " ".join(f"--connect-to {rule}" for rule in place.connect_to)
