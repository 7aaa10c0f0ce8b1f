"""From layers to settings: defaults < TOML file < CRAWLER_* environment < flags; whatever nobody knows is refused."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from crawler.settings import MOST_SHARDS, Option, Settings, options

ENVIRONMENT_PREFIX = "CRAWLER_"
_MAX_BITS = 64
_NOT_IN_SHARDS = ("interpreters", "threads")


class UnusableSettings(ValueError):
    """A setting cannot be taken; the message names where it stands, why, and the mend."""


class Layer(NamedTuple):
    """Values by public name, and how to say where each came from."""

    values: Mapping[str, Any]
    place: str

    def origin(self, name: str) -> str:
        """Where the value of an option stands, for an error message."""
        return self.place.format(name=name, NAME=variable(name))


def variable(name: str) -> str:
    """The environment variable of an option."""
    return ENVIRONMENT_PREFIX + name.upper().replace("-", "_")


def configure(layers: Iterable[Layer]) -> Settings:
    """Settings from layers, the later over the earlier.

    Raises UnusableSettings.
    """
    known = {option.public.name: option for option in options()}
    settings = Settings()
    for layer in layers:
        for name, value in layer.values.items():
            if name not in known:
                raise UnusableSettings(f"{layer.origin(name)}: no such setting; {_suggestion(name, known)}")
            settings = _with(settings, known[name], value, layer.origin(name))
    check(settings)
    return settings


def check(settings: Settings) -> None:
    """Refuse settings that contradict each other, and a number of shards from Python that no reader has seen.

    Raises UnusableSettings.
    """
    if not 0 <= settings.visit.shards <= MOST_SHARDS:
        raise UnusableSettings(f"shards: {settings.visit.shards} is no whole number from 0 to {MOST_SHARDS}")
    if settings.visit.shards:
        room = settings.analyze.room
        if room in _NOT_IN_SHARDS:
            raise UnusableSettings(f"--analyze {room} with --shards: a shard analyses by itself; give one of them")
        if settings.analyze.workers:
            raise UnusableSettings("--workers with --shards: each shard is a worker by itself; give one of them")


def file_layer(path: Path) -> Layer:
    """The settings of a TOML file.

    Raises UnusableSettings when it cannot be read.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UnusableSettings(f"{path}: {error.strerror}; give a TOML file with --config") from None
    except UnicodeDecodeError:
        raise UnusableSettings(f"{path}: not UTF-8; save it as UTF-8") from None
    except ValueError as error:  # a number of thousands of digits raises one that is no TOMLDecodeError
        raise UnusableSettings(f"{path}: {error}; write settings as name = value") from None
    except RecursionError:
        raise UnusableSettings(f"{path}: lists within lists without end; write settings as name = value") from None
    return Layer(values, str(path).replace("{", "{{").replace("}", "}}") + ": {name}")


def environment_layer(environment: Mapping[str, str]) -> Layer:
    """The settings among the environment's variables; a `CRAWLER_` variable that nobody knows is refused."""
    names = {variable(option.public.name): option.public.name for option in options()}
    values = {
        names.get(key, key.removeprefix(ENVIRONMENT_PREFIX).lower().replace("_", "-")): text
        for key, text in environment.items()
        if key.startswith(ENVIRONMENT_PREFIX)
    }
    return Layer(values, "the variable {NAME}")


def flag_layer(values: Mapping[str, Any]) -> Layer:
    """The settings given on the command line."""
    return Layer(values, "--{name}")


def _with(settings: Settings, option: Option, value: Any, origin: str) -> Settings:  # noqa: ANN401 - as TOML has it
    try:
        if option.public.repeatable:
            items = value if isinstance(value, list) else [value]
            made: Any = tuple(option.public.read(_text(item)) for item in items)
        else:
            made = option.public.read(_text(value))
    except ValueError as error:
        raise UnusableSettings(f"{origin}: {error}") from None
    stage = replace(getattr(settings, option.stage), **{option.attribute: made})
    return replace(settings, **{option.stage: stage})


def _text(value: Any) -> str:  # noqa: ANN401 - as TOML has it
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int) and value.bit_length() > _MAX_BITS:
        raise ValueError("a number of so many digits is out of range; write a smaller one")
    if isinstance(value, (str, int, float)):
        return str(value)
    what = "table" if isinstance(value, dict) else type(value).__name__
    raise ValueError(f"a {what} is no text and no number")


def _suggestion(name: str, known: Mapping[str, Option]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"
