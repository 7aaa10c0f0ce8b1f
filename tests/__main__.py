"""The project's verbs, the same by hand and in continuous integration.

python -m tests          everything that must hold: lint, types, import contracts, tests (with coverage from 3.12 on)
python -m tests check    the first three only
python -m tests fix      mend what can be mended by machine
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROGRAMS = Path(sys.executable).parent
CHECK = (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",), ("lint-imports",))
FIX = (("ruff", "check", "--fix", "."), ("ruff", "format", "."))
PROCESSES = min(4, 2 + (os.cpu_count() or 1))
"""Two more than there are cores, since many tests wait for what they started."""
COVERAGE = ("--cov",) if sys.version_info >= (3, 12) else ()
"""By sys.monitoring, lines cost next to nothing; older ways of tracing double the CPU of tests that compute."""
TEST = (("pytest", "-n", str(PROCESSES), "--dist", "worksteal", *COVERAGE),)
ENVIRONMENT = {"COVERAGE_CORE": "sysmon", "PYTHONDONTWRITEBYTECODE": ""}
"""Hundreds of interpreters start: without bytecode on disk each would compile the whole crawler again."""
VERBS = {"check": CHECK, "fix": FIX, "test": (*CHECK, *TEST)}


def main(arguments: list[str]) -> int:
    verb = arguments[0] if arguments else "test"
    if verb not in VERBS:
        print(f"tests: {verb!r} is none of {', '.join(VERBS)}", file=sys.stderr)
        return 2
    for program, *rest in VERBS[verb]:
        print("$", program, *rest, flush=True)
        done = subprocess.run([PROGRAMS / program, *rest], cwd=ROOT, check=False, env=os.environ | ENVIRONMENT)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
