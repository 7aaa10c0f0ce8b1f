"""The tutorial, measured: what processes, threads and tasks are made of, and what each costs on this machine.

    tour ──> fresh ──────────> bench ──> memory | moving | creation | footprint | crashes | gil | waiting | mixture
             (a new process    (runs one            │
             and a deadline    of them)             └──> staff: workers, which run what is `inside`
             for each)
    Findings ──> sentences, advice ──> sheet (en, ja) ──> text, markdown

`findings.py` holds facts only; `sentences.py` and `advice.py` choose by the numbers what is said of them, and the
files of wording say it. Whatever may hang or crash does so in a process that is there to be lost.
"""
