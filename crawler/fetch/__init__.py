"""How bytes get here: one attempt a call, the same page from every room (see `catalog`)."""
