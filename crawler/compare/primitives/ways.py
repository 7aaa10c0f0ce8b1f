"""The ways of working that this Python and this system have."""

import multiprocessing
import sys
from importlib import import_module
from typing import Any, Final, Literal, TypeAlias

from crawler.compare.primitives.findings import WhyNot

Kind: TypeAlias = Literal["task", "thread", "interpreter", "process"]
"""What can work beside others, from the lightest to the heaviest; a task is asyncio's."""

KINDS: Final[tuple[Kind, ...]] = ("task", "thread", "interpreter", "process")

START_METHODS: Final = ("fork", "forkserver", "spawn")

INTERPRETERS_SINCE: Final = (3, 14)


def has_interpreters() -> bool:
    """Whether sub-interpreters have a public interface here (PEP 734)."""
    return sys.version_info >= INTERPRETERS_SINCE and sys.implementation.name == "cpython"


def here() -> tuple[Kind, ...]:
    """The kinds of workers that there are here."""
    return tuple(kind for kind in KINDS if kind != "interpreter" or has_interpreters())


def interpreters() -> Any:  # noqa: ANN401 - a module that older Pythons do not have
    """The standard library's module of sub-interpreters."""
    return import_module("concurrent.interpreters")


def start_methods() -> tuple[str, ...]:
    """The ways to start a process that the system has."""
    return tuple(method for method in START_METHODS if method in multiprocessing.get_all_start_methods())


def sturdy_method() -> str:
    """The quickest way to start a process that is safe beside threads."""
    return "forkserver" if "forkserver" in start_methods() else "spawn"


def missing() -> dict[str, WhyNot]:
    """What cannot be tried here, and why."""
    lacks: dict[str, WhyNot] = {} if has_interpreters() else {"interpreter": "needs 3.14"}
    return lacks | {method: "no such start method" for method in START_METHODS if method not in start_methods()}


def has_gil() -> bool:
    """Whether a global interpreter lock is on: only a free-threaded build can be without it."""
    return bool(getattr(sys, "_is_gil_enabled", lambda: True)())
