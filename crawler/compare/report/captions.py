"""What to see in each chart and table, for those who learn; what stands in braces is filled in where it is used."""

from typing import Final

GLANCE: Final = (
    "How many times as fast as `{reference}` each arm was: 2 is half of its time, 0.5 twice its time. Coloured is "
    "what differs by more than chance and the noise floor; ≈ is no difference found."
)
INTERVALS: Final = (
    "Right of the line at 1 is faster than `{reference}`, left of it slower. The bar through each mark is where "
    "the true ratio lies, 95 times of 100; one that reaches 1 or the grey band, the noise floor, shows no "
    "difference. Beyond the bound nothing can be, with so many pages in the air."
)
LOSSES: Final = (
    "Some pages crash the parser or hang it for ever; the others are innocent. What a bad page takes with it is "
    "the price of sharing a process with it: a process can be killed alone, a thread cannot."
)
CPU: Final = (
    "What a page costs the machine, all processes together. Moving pages between processes is in it, so a "
    "strategy may be faster and yet cost more."
)
CORES: Final = (
    "CPU seconds a second. Dashed are one core and all there are. Under the GIL the threads of a process stop "
    "near 1, however much there is to compute; processes do not."
)
MEMORY: Final = (
    "Line and number are the peak of all processes together (PSS). The bar is what each has for itself alone "
    "(USS): first the main process, faint the fork server and the resource tracker, last the workers, or shards. "
    "What is left up to the line is shared."
)
TIMELINES: Final = (
    "One crawl of each, over the same stretch of time. A row is a lane: a page in the air, a worker, or a shard. "
    "Where all rows are faint, the site is what takes the time, and no strategy helps. Where rows take turns at "
    "computing, they share a core (or the GIL); where they compute side by side, they do not. With `async+inline`, "
    "alone or in shards, the loop itself computes, and answers that have come wait unread: that counts as waiting "
    "for the site, since nobody else could tell."
)
SWEEP: Final = (
    "A line that climbs still waits for the site: more pages in the air help it. Where it turns flat, something "
    "else is full: a core, the GIL, the site. Dotted is what the site's latency allows."
)
CROSSOVER: Final = (
    "The same pages again and again, with less and less to wait for from left to right. Left of the first dashed "
    "line ({one}) one core computes a page while the others are waited for: time falls with the latency, and all "
    "strategies with as many pages in the air are alike. Right of the second ({all}) even all cores cannot keep up: "
    "lines turn flat, and what counts is how many cores a strategy uses and what a page costs it. A ring is where "
    "two change places, its bar how uncertain that is. Pale bars are the middle half of the samples."
)
SAMPLES: Final = (
    "A dot is a crawl, the first round's on top and the last one's below; the line is the median, the pale bar "
    "the middle half. Dots far from the others tell of a machine that was busy with something else."
)
AGAIN: Final = " `again` is the reference against itself."
PHASES: Final = (
    "Each row is an arm. The mark is the page in the middle, the tick the slowest of 20 (p95), the line's end the "
    "slowest of 100 (p99). All phases have the same axis."
)
