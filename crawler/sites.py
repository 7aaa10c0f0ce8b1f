"""The site a host belongs to: its registrable domain, by the public suffix list that the package brings along."""

from functools import lru_cache

from publicsuffixlist import PublicSuffixList


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=100_000)
def site_of(host: str) -> str:
    """`example.co.jp` for `www.example.co.jp`; an address, or a public suffix itself, is a site of its own.

    The first call reads the list (40 ms), so make it where nothing waits.
    """
    if host.startswith("[") or host.rpartition(".")[2].isdigit():
        return host
    return _suffixes().privatesuffix(host) or host
