"""Where samples are taken: whatever of the machine, the system and the Python could change them."""

import os
import platform
import subprocess
import sys
import sysconfig
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from sqlite3 import sqlite_version
from typing import Final

import psutil

import crawler
from crawler.compare.result import Environment
from crawler.compare.scratch import place
from crawler.settings import AnalyzeSettings

PACKAGES: Final = (
    *("ada-url", "aiohttp", "beautifulsoup4", "icu4py", "lxml", "msgspec", "psutil", "pycurl", "turbohtml"),
    *("uvloop", "yarl"),
)
"""Those on which the speed of a crawl depends."""
_START_METHOD: Final = "forkserver"
_GIT_S: Final = 10.0
_ROOT: Final = Path(__file__).parents[2]


def environment() -> Environment:
    """The environment as it is now; the load at the end is still to come (`load`)."""
    return Environment(
        started=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        machine=platform.machine(),
        cpu=_cpu(),
        cores=os.cpu_count() or 1,
        usable_cores=usable_cores(),
        memory_mib=psutil.virtual_memory().total // 2**20,
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        build=_build(),
        gil=getattr(sys, "_is_gil_enabled", lambda: True)(),
        start_method=_START_METHOD,
        packages=_packages(),
        crawler=crawler.__version__,
        commit=_commit(_ROOT),
        file_system=_file_system(place()),
        load_before=load(),
        governor=_governor(),
    )


def load() -> float:
    """The load average of the last minute."""
    return round(os.getloadavg()[0], 2)


def _cpu() -> str:
    """The model, as far as the system says."""
    for line in _text("/proc/cpuinfo").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    if sys.platform == "darwin":
        return _said("sysctl", "-n", "machdep.cpu.brand_string") or platform.machine()
    return platform.processor() or platform.machine()


def usable_cores() -> float:
    """The cores that this process may be put on, or the share of them that its control group is given."""
    return min(AnalyzeSettings().worker_count, *_quotas(), float(os.cpu_count() or 1))


def _quotas(root: Path = Path("/sys/fs/cgroup"), groups: str = "/proc/self/cgroup") -> list[float]:
    """The CPU quotas, in cores, of this process's control groups and of those above (cgroups(7), both versions)."""
    found = []
    for line in _text(groups).splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers and "cpu" not in controllers.split(","):
            continue
        top = root / "cpu" if controllers else root
        group = top / path.lstrip("/")
        for each in (group, *group.parents[: len(group.parts) - len(top.parts)]):
            quota, _, period = _text(each / "cpu.max").partition(" ")
            if controllers:
                quota, period = _text(each / "cpu.cfs_quota_us"), _text(each / "cpu.cfs_period_us")
            with suppress(ValueError):  # "max", "-1", or no such file: no quota
                if (cores := int(quota) / int(period)) > 0:
                    found.append(cores)
    return found


def _build() -> str:
    """Implementation and compiler, and what makes a Python faster or slower than another of its version."""
    marks = [platform.python_implementation(), platform.python_compiler()]
    flags = str(sysconfig.get_config_var("CONFIG_ARGS") or "")
    marks += ["with PGO" if "--enable-optimizations" in flags else "without PGO"] if flags else []
    marks += ["LTO"] if "--with-lto" in flags else []
    marks += ["free-threaded"] if sysconfig.get_config_var("Py_GIL_DISABLED") else []
    marks += ["debug"] if sysconfig.get_config_var("Py_DEBUG") else []
    return ", ".join(marks)


def _packages() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return {**found, "sqlite": sqlite_version}


def _commit(root: Path) -> str:
    """The commit of the source, with `+` if it was changed since; "" if it is installed without its history."""
    if not (root / ".git").exists():
        return ""
    commit = _said("git", "-C", str(root), "rev-parse", "--short", "HEAD")
    return f"{commit}+" if commit and _said("git", "-C", str(root), "status", "--porcelain", "-uno") else commit


def _file_system(folder: Path) -> str:
    """The type of the file system on which a folder lies."""
    real = folder.resolve()
    around = [part for part in psutil.disk_partitions(all=True) if real.is_relative_to(part.mountpoint)]
    return max(around, key=lambda part: len(part.mountpoint)).fstype if around else "unknown"


def _governor() -> str:
    """How the kernel chooses the cores' frequency; "" where it does not tell."""
    paths = Path("/sys/devices/system/cpu").glob("cpu[0-9]*/cpufreq/scaling_governor")
    return ", ".join(sorted({_text(path).strip() for path in paths}))


def _text(path: Path | str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _said(*command: str) -> str:
    """What a command of the system says; "" if there is none such, or it fails."""
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=_GIT_S)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
