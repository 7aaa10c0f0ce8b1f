"""The wall around what may crash, hang or balloon: a process that can be killed alone, whatever it is used for.

`fork_server.py` is what all such processes come from; `confined.py` is what each does before it touches what a
stranger sent; `endings.py` says afterwards how one ended.
"""
