"""How each arm looks everywhere: its colour is where pages are analysed, its shape how they are fetched.

What runs in shards is cut in two, so that no colour need be told from another to know it.
"""

from typing import Any, Final, NamedTuple

from crawler.compare.arms import Arm, find_arm

INKS: Final = {
    "processes": "var(--processes)", "threads": "var(--threads)", "inline": "var(--inline)",
    "interpreters": "var(--interpreters)", "auto": "var(--auto)",
}  # fmt: skip
SHAPES: Final = {"async": "circle", "threads": "square", "sequential": "diamond", "auto": "cross"}
_SHARDED: Final = {
    "async": "M-.42,-.91A1,1,0,0,0,-.42,.91ZM.42,-.91A1,1,0,0,1,.42,.91Z",
    "threads": "M-.9,-.9H-.4V.9H-.9ZM.4,-.9H.9V.9H.4Z",
}
"""A circle and a square, cut in two: paths in a box from -1 to 1."""
_STRANGER: Final = Arm("another", "another")


class Look(NamedTuple):
    """A colour (of the page's variables), a shape (Vega's word or path for it), and whether it is filled.

    `key` has the classes of the style sheet that draw the same before a name in a table.
    """

    ink: str
    shape: str
    is_hollow: bool
    key: str

    @property
    def marks(self) -> dict[str, Any]:
        """As fields of a row of a chart's data."""
        return {"ink": self.ink, "fill": "var(--paper)" if self.is_hollow else self.ink, "shape": self.shape}


def look_of(name: str) -> Look:
    """How the arm of that name looks; one that is not known here looks like no other."""
    arm = find_arm(name) or _STRANGER
    is_hollow = "@" in name
    shape = SHAPES.get(arm.fetch, "triangle-up")
    if arm.shards:
        return Look("var(--shards)", _SHARDED[arm.fetch], is_hollow, f"{shape} shards cut")
    ink = INKS.get(arm.analyze, "var(--muted)")
    key = f"{shape} {arm.analyze if arm.analyze in INKS else ''}{' hollow' * is_hollow}"
    return Look(ink, shape, is_hollow, key.strip())
