"""Which command is meant; and the last stop of whatever went wrong."""

import io
import os
import sys
import traceback
from collections.abc import Callable, Sequence

from crawler.cli.parser import UsageError
from crawler.exits import Exit
from crawler.plain import visible

DEFAULT_COMMAND = "crawl"
_STREAMS = ("stdin", "stdout", "stderr")


def _crawl(arguments: Sequence[str]) -> int:
    from crawler.cli.crawl import crawl_command  # noqa: PLC0415 - cheap doors

    return crawl_command(arguments)


def _site(arguments: Sequence[str]) -> int:
    from crawler.cli.site import site_command  # noqa: PLC0415 - cheap doors

    return site_command(arguments)


def _runs(arguments: Sequence[str]) -> int:
    from crawler.cli.runs import runs_command  # noqa: PLC0415 - cheap doors

    return runs_command(arguments)


def _compare(arguments: Sequence[str]) -> int:
    from crawler.cli.compare import compare_command  # noqa: PLC0415 - cheap doors

    return compare_command(arguments)


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "crawl": _crawl,
    "runs": _runs,
    "site": _site,
    "compare": _compare,
}


def run_command(arguments: Sequence[str]) -> int:
    """Run the command that `arguments` name (`crawl` if none does); the exit code.

    Where standard output cannot take a letter, it gets the letter's escape, as standard error does anyway.
    """
    _open_standard_streams()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    name, rest = DEFAULT_COMMAND, arguments
    if arguments and arguments[0] in COMMANDS:
        name, rest = arguments[0], arguments[1:]
    try:
        return COMMANDS[name](rest)
    except UsageError as error:
        print(f"crawler: {visible(str(error))}", file=sys.stderr)
        return Exit.USAGE
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.OK
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last stop; a bug of ours
        print("\n".join(map(visible, traceback.format_exc().splitlines())), file=sys.stderr)
        print(
            f"crawler: internal error: {visible(repr(error))}; please report it with the lines above", file=sys.stderr
        )
        return Exit.INTERNAL


def _open_standard_streams() -> None:
    """Let those that were closed lead nowhere: libuv aborts when it closes a socket that got such a number."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) < len(_STREAMS):
        os.set_inheritable(descriptor, True)
        name = _STREAMS[descriptor]
        setattr(sys, name, open(descriptor, "r" if name == "stdin" else "w", encoding="utf-8", closefd=False))  # noqa: SIM115 - to the end
    os.close(descriptor)
