"""What is told of a run besides its visits: at once to whoever listens, and to the log with the next step kept."""

from collections import deque
from collections.abc import Callable

from crawler.calibrate import BECAUSE, parted
from crawler.orders import CHOSEN, REFETCHED, Note, Settled
from crawler.protocols import Store

_TOO_FEW = "the crawl ended before enough of it could be measured"


class Remarks:
    """Heard from rooms, which know no store.

    `refetched` counts the innocent pages that were fetched again; `strategy` is what the rooms chose last, and why,
    if they may choose.
    """

    def __init__(self, tell: Callable[[Note], None] | None) -> None:
        self._tell = tell
        self._heard: deque[Note] = deque()
        self.refetched = 0
        self.strategy = ""
        self.may_choose = False
        self.chosen_because = ""

    def hear(self, note: Note) -> None:
        """Take one in."""
        self.refetched += note.event == REFETCHED
        if note.event == CHOSEN:
            self.strategy, self.chosen_because = parted(note.text)
        self._heard.append(note)
        if self._tell is not None:
            self._tell(note)

    def end(self) -> None:
        """No more visits come: say so if they were too few for a choice."""
        if self.may_choose and not self.chosen_because:
            self.hear(Note(CHOSEN, "", f"{self.strategy}{BECAUSE}{_TOO_FEW}"))

    async def keep(self, store: Store) -> None:
        """Have what was heard kept."""
        while self._heard:
            await store.keep(Settled(changes=[self._heard.popleft()]))
