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


def abandoned_memory() -> set[str]:
    """The names in the folder of shared memory and semaphores that no living process uses."""
    if not SHARED_MEMORY.is_dir():
        return set()
    names = {path.name for path in SHARED_MEMORY.iterdir()}
    for maps in Path("/proc").glob("[0-9]*/maps"):
        try:
            used = maps.read_text(errors="replace")
        except OSError:
            continue
        names = {name for name in names if f"{SHARED_MEMORY}/{name}" not in used}
    return names
