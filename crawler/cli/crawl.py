"""`crawler crawl SEEDS`: the main job's command line."""

from collections.abc import Sequence

from crawler.cli.parser import OneLineParser, UsageError, add_setting_options, given, settings_of

_DESCRIPTION = """\
Fetch a list of URLs, count the words of each page, and write words.csv, pages.jsonl, summary.json and
crawl.db to a folder. `crawl` is the default command: `crawler FILE` and `crawler crawl FILE` are the same.

commands: crawl (this one), runs (what they did, and what became of URLs), site (serve the built-in website), compare
(measure the strategies against each other); each has its own --help"""
_EPILOG = """\
Every option may also stand in a TOML file (timeout = "30s") or in the environment (CRAWLER_TIMEOUT=30s);
flags win over the environment, and that over the file.

exit codes: 0 all well; 1 nothing could be fetched; 2 usage or no usable input; 3 finished, but with too many
failures, rejected seeds or pages that broke the parser; 4 stopped early by --deadline or --max-pages, and saved;
70 internal error; 74 results could not be written;
75 another run holds the folder; 130, 143 interrupted, and saved"""


def crawl_command(arguments: Sequence[str]) -> int:
    """Parse, crawl, report; the exit code.

    Raises UsageError.
    """
    options = crawl_parser().parse_args(arguments)
    if options.seeds is None:
        raise UsageError("no seeds given; name a file of URLs, a URL, or - for standard input; see crawler --help")
    settings = settings_of(options.seeds, options.config, given(options))
    if settings.run.fresh and settings.run.retry_failed:
        raise UsageError("--fresh forgets what --retry-failed would try again; give one of them")
    from crawler.cli.running import run_crawl  # noqa: PLC0415 - cheap doors: --help needs none of it

    return run_crawl(options.seeds, settings)


def crawl_parser() -> OneLineParser:
    """The parser of the `crawl` command."""
    parser = OneLineParser(
        "crawler", usage="crawler [crawl] SEEDS [options]", description=_DESCRIPTION, epilog=_EPILOG
    )
    parser.add_argument(
        "seeds", metavar="SEEDS", nargs="?", help="a file of URLs, one a line; or a URL; or - for standard input"
    )
    parser.add_argument(
        "--config", metavar="FILE", help="a TOML file of settings, instead of crawler.toml by the seeds"
    )
    add_setting_options(parser)
    return parser
