"""The charts of the report, one a file: what was measured goes in, a Vega-Lite spec (a plain dict) comes out."""
