"""Contestants that misbehave on purpose, for the lab to run in place of its own."""
