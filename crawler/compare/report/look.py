"""How each arm looks everywhere: its colour is where pages are analysed, its shape how they are fetched."""

from typing import Any, Final, NamedTuple

from crawler.compare.arms import ARMS, Arm

INKS: Final = {
    "processes": "var(--processes)", "threads": "var(--threads)", "inline": "var(--inline)",
    "interpreters": "var(--interpreters)",
}  # fmt: skip
SHAPES: Final = {"async": "circle", "threads": "square", "sequential": "diamond"}
_STRANGER: Final = Arm("another", "another")


class Look(NamedTuple):
    """A colour (of the page's variables), a shape (Vega's word for it), and whether it is filled."""

    ink: str
    shape: str
    is_hollow: bool

    @property
    def marks(self) -> dict[str, Any]:
        """As fields of a row of a chart's data."""
        return {"ink": self.ink, "fill": "var(--paper)" if self.is_hollow else self.ink, "shape": self.shape}


def look_of(name: str) -> Look:
    """How the arm of that name looks; one that is not known here looks like no other."""
    arm = ARMS.get(name, _STRANGER)
    return Look(INKS.get(arm.analyze, "var(--muted)"), SHAPES.get(arm.fetch, "triangle-up"), "@" in name)
