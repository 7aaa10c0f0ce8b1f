"""Where links may lead, and why one may not: scope, patterns, traps."""

from collections import Counter
from collections.abc import Callable

from crawler.orders import EXCLUDED, OUT_OF_SCOPE, TRAP
from crawler.settings import FrontierSettings

MAX_URL_CHARS = 2_000
MAX_SEGMENTS = 25
MAX_SAME_SEGMENTS = 4
MAX_PARAMETERS = 25

Refusal = tuple[str, str]
"""A state and a reason in words."""


class Scope:
    """The places the seeds stand for, which redirects of seeds add to; everything else is out of scope."""

    def __init__(self, settings: FrontierSettings, site_of: Callable[[str], str]) -> None:
        self._settings = settings
        self._site_of = site_of
        self._places: set[str] = set()
        self._folders: set[str] = set()

    def add(self, url: str, host: str) -> bool:
        """Let `url` stand for its host, its site or its folder; whether that made the scope larger."""
        if self._settings.scope == "prefix":
            if self._is_in_a_folder(url):
                return False
            self._folders.add(_folder(url))
            return True
        before = len(self._places)
        self._places.add(self._place(host))
        return len(self._places) > before and self._settings.scope in ("host", "site")

    def refusal(self, url: str, host: str) -> Refusal | None:
        """Why a link to `url` is not followed, or None."""
        settings = self._settings
        if len(url) > MAX_URL_CHARS:  # before anything that takes more time with each character
            return TRAP, f"trap: longer than {MAX_URL_CHARS} characters"
        if not self._holds(url, host):
            return OUT_OF_SCOPE, f"out of scope ({settings.scope})"
        if settings.include and not any(pattern.search(url) for pattern in settings.include):
            return EXCLUDED, "no --include is found in it"
        for pattern in settings.exclude:
            if pattern.search(url):
                return EXCLUDED, f"--exclude {pattern.pattern} is found in it"
        trap = _trap(url)
        return None if trap is None else (TRAP, trap)

    def _holds(self, url: str, host: str) -> bool:
        match self._settings.scope:
            case "any":
                return True
            case "list":
                return False
            case "prefix":
                return self._is_in_a_folder(url)
        return self._place(host) in self._places

    def _is_in_a_folder(self, url: str) -> bool:
        folder = _folder(_folder(url)[:MAX_URL_CHARS])
        while folder not in self._folders:
            folder = folder[: folder.rfind("/", 0, -1) + 1]
            if folder.endswith("://"):
                return False
        return True

    def _place(self, host: str) -> str:
        return self._site_of(host) if self._settings.scope == "site" else host


def _folder(url: str) -> str:
    path = url.partition("?")[0]
    return path[: path.rfind("/") + 1]


def _trap(url: str) -> str | None:
    """The rule by which a URL looks made by a machine that makes them without end."""
    path, _, query = url.partition("?")
    segments = path.split("/")[3:]
    if len(segments) > MAX_SEGMENTS:
        return f"trap: more than {MAX_SEGMENTS} folders deep"
    if len(segments) - len(set(segments)) >= MAX_SAME_SEGMENTS:
        for segment, times in Counter(filter(None, segments)).most_common(1):
            if times > MAX_SAME_SEGMENTS:
                return f"trap: {segment!r} stands {times} times in its path"
    if query.count("&") >= MAX_PARAMETERS:
        return f"trap: more than {MAX_PARAMETERS} parameters"
    return None
