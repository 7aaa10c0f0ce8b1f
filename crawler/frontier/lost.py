"""Those who were lost in company, and are asked for again one by one: who visits them alone keeps nobody waiting."""

from collections import deque

from crawler.model import Job, Kind


class Lost:
    """Hands back one lost job at a time; the next comes when that one has ended.

    Were all given out as their hosts allow, they would queue where they are visited alone, and then start one right
    behind the other, whatever pace their host asks for.
    """

    def __init__(self) -> None:
        self._waiting: deque[Job] = deque()
        self._out: tuple[Kind, str] | None = None

    def add(self, job: Job) -> None:
        """Keep a job whose visit was lost."""
        self._waiting.append(job)

    def end(self, job: Job) -> None:
        """Learn that a job has ended, one that was lost or any other."""
        if self._out == (job.kind, job.url):
            self._out = None

    def next(self) -> Job | None:
        """The job whose turn it is, or None while another's lasts."""
        if self._out is not None or not self._waiting:
            return None
        job = self._waiting.popleft()
        self._out = job.kind, job.url
        return job
