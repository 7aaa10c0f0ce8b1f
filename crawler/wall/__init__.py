"""The wall around what may crash, hang or balloon: a process that can be killed alone, whatever it is used for.

`children.py` are such processes seen from outside, `fork_server.py` is what they come from; `confined.py` is what
each does before it touches what a stranger sent; `endings.py` says afterwards how one ended.
"""
