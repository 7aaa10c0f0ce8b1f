"""What can be said of a recording on the command line: cheap to read, as `--help` needs it."""

from typing import Final

ENDING: Final = ".warc.gz"
"""How the name of a recording ends."""

OPTIONS: Final = (
    *("timeout", "max-body", "user-agent", "contact", "connect-to", "allow-private", "header", "nofollow"),
    *("strip-params", "depth", "scope", "include", "exclude", "max-per-host", "sitemaps", "sitemap", "robots"),
    *("per-host", "delay", "max-pages", "deadline"),
)
"""The options of a crawl that mean something to a recording, by public name."""
