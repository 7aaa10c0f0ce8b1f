"""The contestants: each arm names a way to fetch, a place to analyse, an event loop and a parser."""

from typing import Final, NamedTuple


class Arm(NamedTuple):
    """A strategy as the lab runs it; its name is `fetch+analyze`, with `@` before what is not the default."""

    fetch: str
    analyze: str
    loop: str = "uvloop"
    parser: str = "turbo"

    @property
    def name(self) -> str:
        """`async+processes`, `async+processes@asyncio`, `async+interpreters@soup`."""
        marks = [f"@{self.loop}"] * (self.loop != "uvloop") + [f"@{self.parser}"] * (self.parser != "turbo")
        return f"{self.fetch}+{self.analyze}{''.join(marks)}"

    @property
    def is_ranked(self) -> bool:
        """Whether it does the same work as the others: an arm under another parser is shown beside them only."""
        return self.parser == "turbo"


ARMS: Final = {
    arm.name: arm
    for arm in (
        Arm("sequential", "inline"),
        Arm("threads", "inline"),
        Arm("threads", "threads"),
        Arm("threads", "processes"),
        Arm("async", "inline"),
        Arm("async", "inline", loop="asyncio"),
        Arm("async", "threads"),
        Arm("async", "threads", loop="asyncio"),
        Arm("async", "processes"),
        Arm("async", "processes", loop="asyncio"),
        Arm("async", "interpreters", parser="soup"),
        Arm("async", "processes", parser="soup"),
    )
}
"""Every arm by name. The loop differs only where it carries the sockets, so only the async arms run on both."""

REFERENCE: Final = "async+processes"
"""What the others are compared with unless another is named: the crawler's default."""
