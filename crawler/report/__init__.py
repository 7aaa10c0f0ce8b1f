"""Answers in a form to read: the summary of a run as JSON and as text."""
