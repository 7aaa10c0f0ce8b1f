"""How one field of the settings is set from outside: its public name, its reader and its help travel with it."""

from collections.abc import Callable
from dataclasses import field
from typing import Any, Final, NamedTuple

PUBLIC: Final = "public"


class Public(NamedTuple):
    """How a field is set from outside: its name, how its text is read, what to write in its place, what it does."""

    name: str
    read: Callable[[str], Any]
    metavar: str
    help: str
    repeatable: bool = False
    short: str = ""

    @property
    def flags(self) -> list[str]:
        """How the command line spells it."""
        return [f"-{self.short}", f"--{self.name}"] if self.short else [f"--{self.name}"]


def public(
    default: Any,  # noqa: ANN401 - as the field's own type
    name: str,
    read: Callable[[str], Any],
    metavar: str,
    text: str,
    *,
    repeatable: bool = False,
    short: str = "",
    is_shown: bool = True,
) -> Any:  # noqa: ANN401
    """A field of a settings class that can be set by its public name."""
    return field(
        default=default, repr=is_shown, metadata={PUBLIC: Public(name, read, metavar, text, repeatable, short)}
    )
