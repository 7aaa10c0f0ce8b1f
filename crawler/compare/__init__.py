"""The strategy lab: the same work under each strategy, measured so that the answer can be quoted.

    arms × workloads ──> plan ──> lab ──┬─ trial ─────────────────────────────────────────────────┐
                      (random order,    │  measure │ process wall │ contestant    │  sockets │ site │
                       warm-ups, A/A)   │  tree's CPU, memory     │ one crawl     │          │      │
                                        └─────────────────────────────────────────────────────────┘
    samples + environment = Result ──> judge (medians, intervals, noise floor) = Judgement ──> text, Markdown, HTML

Each sample is a crawl in a fresh process, watched by another that adopts and measures all that it starts; the
pages come from a third. `result.py` holds what was measured and nothing else, `judgement.py` what follows from it,
so a kept result can be judged and drawn again. `primitives/` measures what the strategies are made of, and
`recording/` gives them one's own pages in place of the built-in site's.
"""
