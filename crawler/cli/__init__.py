"""The command line: one file a command, and the only place that prints or reads argv.

Whatever goes wrong ends in one line on standard error and an exit code of `crawler/exits.py`.
"""
