"""What is told of a run besides its visits: at once to whoever listens, and to the log with the next step kept."""

from collections import deque
from collections.abc import Callable

from crawler.calibrate import parted
from crawler.orders import CHOSEN, REFETCHED, Note, Settled
from crawler.protocols import Store


class Remarks:
    """Heard from rooms, which know no store.

    `refetched` counts the innocent pages that were fetched again; `strategy` is what the rooms chose last, and why.
    """

    def __init__(self, tell: Callable[[Note], None] | None) -> None:
        self._tell = tell
        self._heard: deque[Note] = deque()
        self.refetched = 0
        self.strategy = ""
        self.chosen_because = ""

    def hear(self, note: Note) -> None:
        """Take one in."""
        self.refetched += note.event == REFETCHED
        if note.event == CHOSEN:
            self.strategy, self.chosen_because = parted(note.text)
        self._heard.append(note)
        if self._tell is not None:
            self._tell(note)

    async def keep(self, store: Store) -> None:
        """Have what was heard kept."""
        while self._heard:
            await store.keep(Settled(changes=[self._heard.popleft()]))
