"""Print the commands of the README's "Start" section, one a line: those that .ci/run executes."""

import re
import sys
from pathlib import Path


def commands(readme: str) -> list[str]:
    """The lines of the `sh` blocks under the heading "Start"."""
    section = re.split(r"^## ", readme, flags=re.MULTILINE)
    start = next(part for part in section if part.startswith("Start\n"))
    blocks = re.findall(r"^```sh\n(.*?)^```", start, flags=re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


if __name__ == "__main__":
    found = commands(Path(sys.argv[1]).read_text(encoding="utf-8"))
    if not found:
        sys.exit('README.md has no sh block under "## Start"')
    sys.stdout.write("\n".join(found) + "\n")
