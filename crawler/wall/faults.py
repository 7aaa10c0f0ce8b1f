"""What can keep work from being done behind the wall."""


class WorkerCannotStart(RuntimeError):
    """No worker process could be started at all."""
