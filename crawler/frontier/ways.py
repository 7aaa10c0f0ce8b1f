"""Where a settled URL leads, and what is read back from disk because a nearer way or a larger scope was found."""

from collections import deque
from collections.abc import Iterable

from crawler.frontier.discovery import LINKS_A_STEP, Discovery, Way
from crawler.frontier.known import Known
from crawler.model import unpack_links
from crawler.orders import Recall, Reopen, Reopened, Row, Settled
from crawler.settings import FrontierSettings

_REOPEN_AT_ONCE = 8
_RECALL_AT_ONCE = 1_000
_RECALL_PAUSE_S = 5.0


class Ways:
    """Follows links and redirects as far as they may be followed, again when they have become nearer."""

    def __init__(self, settings: FrontierSettings, found: Discovery) -> None:
        self._settings = settings
        self._found = found
        self._recall_after: int | None = None
        self._is_recalling = False
        self._recall_at = 0.0
        self.reopening: deque[int] = deque()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is to be read back."""
        return not self.reopening and not self._wants_recall

    @property
    def next_at(self) -> float | None:
        """When something will be, if not at once."""
        return self._recall_at if self._wants_recall and not self._is_recalling else None

    def reopen(self) -> Reopen | None:
        """The URLs to read back because they have become nearer."""
        some = min(_REOPEN_AT_ONCE, len(self.reopening))
        return Reopen(tuple(self.reopening.popleft() for _ in range(some))) if some else None

    def recall(self, now: float, *, is_urgent: bool) -> Recall | None:
        """The next URLs to read back because the scope has grown; rarely, unless nothing else is left to do."""
        if not self._wants_recall or self._is_recalling or (now < self._recall_at and not is_urgent):
            return None
        if self._recall_after is None:
            self._found.has_grown = False
            self._recall_after = 0
        self._is_recalling = True
        return Recall(self._recall_after, _RECALL_AT_ONCE)

    def take_reopened(self, rows: Iterable[Row], kept: Settled, now: float) -> None:
        """Bring what these URLs lead to as near as they are; what would be too much for one step comes later."""
        for row in rows:
            if len(kept.changes) < LINKS_A_STEP:
                self._bring_nearer(row, kept, now)
            else:
                self.reopening.append(row.id)

    def take_recalled(self, rows: list[Row], kept: Settled, now: float) -> None:
        """Let those of these URLs in that are in scope now."""
        self._is_recalling = False
        self._recall_after = rows[-1].id if len(rows) == _RECALL_AT_ONCE else None
        if self._recall_after is None:
            self._recall_at = now + _RECALL_PAUSE_S
        for row in rows:
            self._found.recall(row, kept, now)

    def follow(self, target: str, redirecting: Known, kept: Settled, now: float) -> None:
        """Take in the target of a redirect.

        One redirect too many leads nowhere; the store makes it a failure once no shorter way can turn up any more.
        """
        if not self._found.may_follow(redirecting.hops):
            return
        if redirecting.depth == 0:
            self._found.grow(target)
        way = Way(redirecting.depth, redirecting.hops + 1, parent=redirecting.id)
        self._found.meet(target, way, kept, now, is_seed=redirecting.depth == 0)

    def meet_links(self, url: str, packed_links: bytes, page: Known, kept: Settled, now: float) -> bool:
        """Take in the links of a page, if it is not too deep; whether that was all that was to be done."""
        if page.depth >= self._settings.depth:
            return True
        is_all = self._found.meet_links(unpack_links(packed_links), page, kept, now)
        if not is_all:
            self._found.come_back_to(url, kept)
        return is_all

    def _bring_nearer(self, row: Row, kept: Settled, now: float) -> None:
        known = self._found.known.find(row.url)
        assert known is not None
        if row.redirect is not None:
            self.follow(row.redirect, known, kept, now)
        if row.packed_links is None or self.meet_links(row.url, row.packed_links, known, kept, now):
            kept.changes.append(Reopened(row.id))

    @property
    def _wants_recall(self) -> bool:
        return self._recall_after is not None or (self._found.has_grown and self._found.outside > 0)
