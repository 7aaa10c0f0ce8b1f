"""Argument parsers whose options come from the settings, grouped by stage, and whose errors are one line."""

import argparse
import os
import re
from collections.abc import Container, Iterable
from pathlib import Path
from typing import Any, NoReturn

from crawler.configure import UnusableSettings, configure, environment_layer, file_layer, flag_layer
from crawler.settings import Option, Settings, options

_STAGES = {
    "fetch": "fetching",
    "analyze": "analysis",
    "visit": "fetching and analysis together",
    "frontier": "what is visited",
    "store": "results",
    "run": "the run",
}
_UNRECOGNIZED = "unrecognized arguments: "
_SHOWN = (
    (re.compile(r"(ambiguous option: [^\s=]+)=.*(?= could match )", re.DOTALL), r"\1"),
    (re.compile(r"ignored explicit argument .*", re.DOTALL), "takes no value"),
    (re.compile(r"""(invalid choice: ['"]).*@""", re.DOTALL), r"\1…@"),
)


class UsageError(Exception):
    """The command line cannot be understood or followed; the message is one line."""


class OneLineParser(argparse.ArgumentParser):
    """An argument parser that reports instead of exiting."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError; what is no option of ours is not repeated, as it may be a secret in the wrong place."""
        raise UsageError(f"{_without_values(message)}; see {self.prog} --help")


def _without_values(message: str) -> str:
    if message.startswith(_UNRECOGNIZED):
        words = message.removeprefix(_UNRECOGNIZED).split(" ")
        names = [word.partition("=")[0] if word.startswith("--") else word[:2] for word in words if word[:1] == "-"]
        if names:
            return _UNRECOGNIZED + " ".join(names)
        return f"{len(words)} argument{'s' * (len(words) > 1)} too many; quote what has spaces in it"
    for pattern, shown in _SHOWN:
        message = pattern.sub(shown, message)
    return message


def add_setting_options(parser: argparse.ArgumentParser) -> None:
    """Add a flag for every public setting, one group a stage; their texts are read later, by `configure`."""
    for stage, title in _STAGES.items():
        of_stage = [option for option in options() if option.stage == stage]
        if of_stage:
            group = parser.add_argument_group(title)
            for option in of_stage:
                _add(group, option)


def add_some_settings(group: "argparse._ArgumentGroup", names: Container[str]) -> None:
    """Add the flags of the settings with these public names to a group of another command."""
    for option in options():
        if option.public.name in names:
            _add(group, option)


def given(arguments: argparse.Namespace, names: Iterable[str] = ()) -> dict[str, Any]:
    """The settings given as flags, by public name: these, or all of them."""
    those = names or [option.public.name for option in options()]
    values = {name: getattr(arguments, name.replace("-", "_")) for name in those}
    return {name: value for name, value in values.items() if value is not None}


def settings_of(seeds: str, config: str | None, flags: dict[str, Any]) -> Settings:
    """The settings of a crawl of these seeds: from a file, the environment and the flags.

    Raises UsageError.
    """
    try:
        file = Path(config) if config is not None else _beside(seeds)
        layers = [file_layer(file)] if file is not None else []
        return configure([*layers, environment_layer(os.environ), flag_layer(flags)])
    except UnusableSettings as error:
        raise UsageError(str(error)) from None


def _beside(seeds: str) -> Path | None:
    """The `crawler.toml` beside a seeds file, if there is one."""
    path = Path(seeds).parent / "crawler.toml"
    return path if seeds != "-" and "://" not in seeds and path.is_file() else None


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
