"""Web pages in, word frequencies out.

    seeds ──> frontier ──> fetch ──> analyze ──> store ──> insight ──> report
                 ^                      │
                 └────── links ─────────┘      (only through the engine)

Each arrow is a room or a rule of its own, and each folder here is one word of that line. `model.py` holds what is
handed along, `protocols.py` the shape of a room, `engine.py` the loop that moves jobs, `compose.py` the place where
settings become rooms.
"""

__version__ = "0.1.0"
