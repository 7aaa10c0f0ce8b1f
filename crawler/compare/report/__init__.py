"""A comparison for a reader: on the terminal, as Markdown, and as a page that needs nothing else.

    Result + Judgement ──┬─> text ──────┬── words (sentences that all forms have), figures (numbers as one reads them)
                         ├─> markdown ──┤
                         └─> page ──────┴─ opening, works, appendix: sections of HTML ── tables, illustrations
                                           charts/: one file a chart, data in, Vega-Lite spec out ── drawing: SVG

Colours are names of CSS variables from the spec to the SVG, so that one drawing serves light, dark and paper.
"""
