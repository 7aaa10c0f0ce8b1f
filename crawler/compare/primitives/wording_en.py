"""The table's words in English."""

from typing import Final

TEXTS: Final = {
    "space": " ",
    "or": " or ",
    "comma": ", ",
    "times": "{ratio}×",
    "seconds": "{seconds} s",
    "short.task": "task",
    "short.thread": "thread",
    "short.interpreter": "sub-interpreter",
    "short.process": "process",
    "title": "Processes, threads and tasks, measured",
    "machine": "{cores} usable cores, {python}, {system}, {gil}, measured in {took}",
    "gil.on": "with GIL",
    "gil.off": "without GIL (free-threaded)",
    "question": "question",
    "kind.task": "asyncio task",
    "kind.thread": "thread",
    "kind.interpreter": "sub-interpreter",
    "kind.process": "process",
    "yes": "yes",
    "no": "no",
    "step": "{number}/{of} {title} (about {left} s left)",
    "why.needs 3.14": "needs CPython 3.14",
    "why.no such start method": "this system does not have it",
    "why.overran": "took too long and was ended",
    "why.broke": "the experiment failed",
    "note.missing": "{what}: {why}.",
    "note.row": "Not measured: {why}. {detail}",
    "note.busy": "The machine was busy (load {load} on {cores} cores), so times and speed-ups are rough.",
    "note.rough": "~ marks what scattered: half of the repetitions lay further apart than half of the median.",
    "otherwise": "Here it came out otherwise than the textbooks have it.",
    # 1
    "memory.title": "Memory, shared or separate",
    "memory.line": "a write is seen outside",
    "memory.shared": "Tasks and threads share the memory of their process: what one writes, all others read.",
    "memory.separate": (
        "A process has a memory of its own: each child read back what it wrote, and its parent never saw it,"
        " whichever way the child was started."
    ),
    "memory.interpreter": "So has a sub-interpreter, although it lives in the same process.",
    # 2
    "moving.title": "Handing data over",
    "moving.cell": "pickle {pickle}\nshared mem. {shared}",
    "moving.reference": "A thread is handed a reference, and nothing is copied: {size} cost {thread}.",
    "moving.pickle": (
        "For a process they were packed, sent through a pipe and unpacked: {pickle}, about {times} times as much."
    ),
    "moving.shared": "Through memory that both share it was {shared}, which is one copy.",
    # 3
    "creation.title": "Time to create",
    "creation.line": "until its first line runs",
    "creation.first": "\n  its first {first}",
    "creation.threads": "A task takes {task}, a thread {thread}.",
    "creation.fork": "fork copies the process as it stands ({fork}), which is quick, but not safe beside threads.",
    "creation.forkserver": (
        "A fork server is started once ({first} with its first child), and from then on forks a small and clean"
        " process each time ({next})."
    ),
    "creation.spawn": "spawn begins a whole new Python: {spawn}, the time of about {times} threads.",
    "creation.interpreter": (
        "A sub-interpreter takes {interpreter}: modules are imported anew, but no process is made."
    ),
    "creation.macos": (
        "On macOS fork is not safe once system libraries have been used; that it worked here proves little."
    ),
    # 4
    "footprint.title": "Memory per worker",
    "footprint.own": "of its own (USS)",
    "footprint.share": "and its share of what others have too (PSS)",
    "footprint.threads": "An idle task adds {task}, an idle thread {thread}.",
    "footprint.reserved": (
        "The {reserved} of addresses that a thread reserves, its stack among them, cost nothing until they are used."
    ),
    "footprint.process": "A spawned process has {spawn} of its own, as much as about {times} threads.",
    "footprint.touched": (
        "A forked child begins with {fork} and shares the rest until one of the two writes. Mere reading writes"
        " too, because Python counts references: having read {heap} of its parent's objects, it had {touched} of"
        " its own."
    ),
    # 5
    "crashes.title": "What a failure takes along",
    "crashes.segfault": "after a segfault",
    "crashes.exception": "after an exception",
    "crashes.loop": "in an endless loop",
    "crashes.pace": "pace of the others meanwhile",
    "crashes.alone": "others live",
    "crashes.all": "all die",
    "crashes.killed": "killable",
    "crashes.stuck": "no end to it",
    "crashes.fatal": "A segfault in a {kinds} ended the whole process with all that was in it.",
    "crashes.survived": "In a process of its own it ended that process alone, and the parent went on.",
    "crashes.gentle": "An exception ends only the worker that raised it.",
    "crashes.unstoppable": (
        "An endless loop in a {kinds} ends only with the whole process; a process can be killed alone."
    ),
    "crashes.frozen": "While a task loops, no other task of its event loop gets a turn.",
    "crashes.pool": "A ProcessPoolExecutor is of no more use once one of its workers has crashed, so watch over it.",
    # 6
    "gil.title": "The GIL: computing (CPU-bound)",
    "gil.line": "speed-up with {count}",
    "gil.line.c": "the same in C (SHA-256), with {count}",
    "gil.turns": (
        "Under the GIL threads take turns at running Python: {count} of them were {speed} times as fast as one."
    ),
    "gil.parallel": "Threads computed side by side: {count} of them were {speed} times as fast as one.",
    "gil.processes": "Each process has a GIL of its own: {count} were {speed} times as fast, on {cores} cores.",
    "gil.interpreters": "So has each sub-interpreter: {speed} times with {count}.",
    "gil.c": "C code that lets go of the GIL runs side by side in threads too: {speed} times with {count}.",
    "gil.one_core": "With {cores} usable core there is nothing to be gained by computing side by side.",
    "gil.no_cores": (
        "Processes gained nothing from the {cores} cores this time: others had them, or they are no whole cores."
    ),
    # 7
    "waiting.title": "Waiting (I/O-bound)",
    "waiting.line": "{waits} waits of {wait}, a worker each",
    "waiting.line.speed": "times as fast as alone ({alone})",
    "waiting.overlap": (
        "One after another {waits} waits took {alone}; with a thread for each {thread}, with asyncio {task}. Who"
        " waits needs no core, and lets go of the GIL."
    ),
    "waiting.processes": "A process for each does it too, but starting them costs more than the waiting: {process}.",
    "waiting.interpreters": (
        "Sub-interpreters wait side by side too, once they are made: {interpreter} for a new one each."
    ),
    # 8
    "mixture.title": "N processes × M threads",
    "mixture.line": "{processes} × {threads}",
    "mixture.cell": "{took} ({speed})",
    "mixture.about": "{jobs} jobs that wait {wait} and then compute {compute}.",
    "mixture.best": (
        "{best} was quickest, {speed} times as fast as 1×1: threads overlap the waits, processes the computing."
    ),
    "mixture.tie": "{best} and {second} were quickest, and no difference between them was found.",
    # 9
    "advice.title": "What follows for this machine",
    "advice.wait": (
        "Mostly waiting (network, disk): threads or asyncio; {waits} waits took {task} to {thread} rather than"
        " {alone}."
    ),
    "advice.compute.processes": (
        "Mostly computing in Python: processes, one for each of the {cores} cores. They were {speed} times as"
        " fast, threads {threads} times."
    ),
    "advice.compute.threads": "Mostly computing in Python: threads will do here; they were {threads} times as fast.",
    "advice.compute.neither": (
        "Mostly computing in Python: here neither processes ({speed}) nor threads ({threads}) gained much."
    ),
    "advice.mixed": (
        "Waiting and computing mixed: {processes} processes with several threads (or an event loop) each."
    ),
    "advice.keep": "Keep processes rather than starting one a job: {create} to start one, {move} to hand it 64 KB.",
    "advice.crossover": (
        "A job is worth handing to a running process from about {handed} of computing on, and worth a process of"
        " its own from about {own} on."
    ),
    "advice.shared": "Data of {size} and more: shared memory, or let the worker load them itself; pickle was slower.",
    "advice.safety": "Work that might crash or hang (what strangers send): in processes, with a deadline.",
    "advice.forkserver": (
        "Start processes by forkserver where there are threads: {cost} a process, and safe beside them."
    ),
}
