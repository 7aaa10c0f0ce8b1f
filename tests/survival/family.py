"""What a run could leave behind: its processes, and what lies in the folders that all programs share."""

from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")


def session_of(leader: int) -> list[int]:
    """The living processes of a session, its leader included, whatever group they made for themselves."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader and fields[0] != "Z":
            found.append(int(path.parent.name))
    return found


def memory_of(leader: int) -> set[str]:
    """The names in the folder of shared memory and semaphores that a session uses."""
    found: set[str] = set()
    for pid in session_of(leader):
        try:
            lines = Path(f"/proc/{pid}/maps").read_text(errors="replace").splitlines()
        except OSError:
            continue
        found.update(line.rpartition("/")[2] for line in lines if f" {SHARED_MEMORY}/" in line)
    return found


def is_in_memory(name: str) -> bool:
    """Whether that name still stands in the folder."""
    return (SHARED_MEMORY / name).exists()
