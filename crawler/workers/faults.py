"""What can keep a worker room from working."""


class WorkerCannotStart(RuntimeError):
    """No worker process could be started at all."""
