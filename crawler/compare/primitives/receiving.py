"""The far end of row 2: a process that takes what is handed over, and answers."""

from multiprocessing.shared_memory import SharedMemory

from crawler.compare.primitives.inside import Wire
from crawler.compare.primitives.mortal import mortal


def receive(inbox: Wire, outbox: Wire) -> None:
    """Be told the name of shared memory, then answer each payload, until an empty one comes.

    A payload is bytes, or their number where they stand in the shared memory.
    """
    mortal()
    outbox.send_bytes(b"!")
    memory = SharedMemory(inbox.recv())
    assert memory.buf is not None
    outbox.send_bytes(b"!")
    while payload := inbox.recv():
        outbox.send_bytes(bytes(memory.buf[payload - 1 : payload]) if isinstance(payload, int) else payload[-1:])
    memory.close()
