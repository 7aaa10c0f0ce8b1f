"""What a page says: from the bytes of an answer to its title, language, links and word counts.

    bytes ──decoding──> bytes ──charset──> text ──turbo | soup──> Document ──words, links──> Analysis

`page.analyze` ties the steps together. Everything here is a pure function of the page, so that it can run anywhere:
inline, in a thread, in a process that may be killed; and `beginning.begin` in an interpreter beside the main one.
"""
