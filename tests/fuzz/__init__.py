"""A fuzz of every parser of outside bytes.

With the tests each target runs for a moment (`test_fuzz.py`). The long run is a command:

    python -m tests.fuzz                          every target, ten minutes each
    python -m tests.fuzz html robots --minutes 2
    python -m tests.fuzz html --input FILE        one input again, as a finding was saved
"""
