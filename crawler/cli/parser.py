"""Argument parsers whose options come from the settings, grouped by stage, and whose errors are one line."""

import argparse
from typing import Any, NoReturn

from crawler.settings import Option, options

_STAGES = {
    "fetch": "fetching",
    "analyze": "analysis",
    "frontier": "what is visited",
    "store": "results",
    "run": "the run",
}


class UsageError(Exception):
    """The command line cannot be understood or followed; the message is one line."""


class OneLineParser(argparse.ArgumentParser):
    """An argument parser that reports instead of exiting."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError."""
        raise UsageError(f"{message}; see {self.prog} --help")


def add_setting_options(parser: argparse.ArgumentParser) -> None:
    """Add a flag for every public setting, one group a stage; their texts are read later, by `configure`."""
    for stage, title in _STAGES.items():
        of_stage = [option for option in options() if option.stage == stage]
        if of_stage:
            group = parser.add_argument_group(title)
            for option in of_stage:
                _add(group, option)


def given(arguments: argparse.Namespace) -> dict[str, Any]:
    """The settings given as flags, by public name."""
    values = {option.public.name: getattr(arguments, option.public.name.replace("-", "_")) for option in options()}
    return {name: value for name, value in values.items() if value is not None}


def _add(group: "argparse._ArgumentGroup", option: Option) -> None:
    public = option.public
    if isinstance(option.default, bool):
        group.add_argument(*public.flags, action="store_const", const="1", help=public.help)
        return
    default = "" if option.default in (None, (), "") else f" (default: {shown(option)})"
    group.add_argument(
        *public.flags,
        metavar=public.metavar,
        action="append" if public.repeatable else "store",
        help=(public.help + default).replace("%", "%%"),
    )


def shown(option: Option) -> str:
    """The default as one would write it."""
    if type(option.default) is tuple:
        return ",".join(option.default)
    if option.attribute.endswith("_s"):
        return f"{option.default:g}s"
    if option.attribute.endswith("_bytes"):
        return f"{option.default / 2**20:g}MiB"
    return str(option.default)
