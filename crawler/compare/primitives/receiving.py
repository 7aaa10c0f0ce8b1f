"""The far end of row 2: a process that takes what is handed over, and answers."""

from multiprocessing.shared_memory import SharedMemory

from crawler.compare.primitives.inside import Wire
from crawler.compare.primitives.mortal import mortal


def receive_pickles(inbox: Wire, outbox: Wire) -> None:
    """Take bytes until none come, and answer each."""
    mortal()
    while payload := inbox.recv():
        outbox.send_bytes(payload[-1:])


def receive_shared(inbox: Wire, outbox: Wire) -> None:
    """Be told the memory's name, then look where the sender wrote, and answer, until nothing is there."""
    mortal()
    outbox.send_bytes(b"!")
    memory = SharedMemory(inbox.recv())
    assert memory.buf is not None
    outbox.send_bytes(b"!")
    while size := inbox.recv():
        outbox.send_bytes(bytes(memory.buf[size - 1 : size]))
    memory.close()
