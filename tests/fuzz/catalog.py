"""The targets by name, the most exposed first: each is a module beside this one."""

from importlib import import_module

from tests.fuzz.target import Target

NAMES = ("html", "headers", "wire", "decoding", "charset", "sitemaps", "robots", "seeds", "settings", "urls", "warcs")


def target(name: str) -> Target:
    """The target of that name."""
    found = import_module(f"tests.fuzz.{name}").TARGET
    assert isinstance(found, Target)
    return found
