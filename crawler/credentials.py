"""Who may be sent which secret: what the seeds' URLs and `--header` bring, by the origin that it is meant for."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from crawler.headers import Header, basic_authorization
from crawler.urls import NotCrawlable, host, origin, parse, port, user_info

_HTTP_PORT = 80
_SHOWN_HOSTS = 5
_T = TypeVar("_T")


class Credentials:
    """The names and passwords that stood in URLs, one an origin, kept apart from them."""

    def __init__(self) -> None:
        self.by_origin: dict[str, Header] = {}

    def take(self, text: str) -> None:
        """Keep those of the URL `text`, if it has any.

        Raises NotCrawlable when its origin has others, or they cannot be sent.
        """
        found = user_info(text)
        if found is None:
            return
        user, password = found
        if b":" in user:
            raise NotCrawlable("a user name with a colon cannot be sent (RFC 7617); use --header Authorization")
        place, header = origin(parse(text)), basic_authorization(user, password)
        if self.by_origin.setdefault(place, header) != header:
            raise NotCrawlable(f"{place} has other credentials above; give one user and password a host")


def by_origin(
    headers: Iterable[Header], credentials: Mapping[str, Header], named: Iterable[str]
) -> dict[str, tuple[Header, ...]]:
    """What each origin is sent of the `headers`, and of the `credentials` of its URLs; `named` are the seeds' URLs.

    The https of a host is sent what its http is, but not the other way round.

    Raises ValueError, with the mend, for a header that is not meant for a host of these URLs, or is given twice.
    """
    headers = tuple(headers)
    origins = _upgraded(dict.fromkeys(map(origin, named), ())) if headers else {}
    meant: dict[str, dict[str, Header]] = {}
    for header in headers:
        name, place = header.name.lower(), _host_of(header, origins)
        if name in meant.setdefault(place, {}):
            raise ValueError(f"{header.name} is given twice for {place}; give it once")
        meant[place][name] = header
    granted = {each: tuple(meant[host(each)].values()) for each in origins if host(each) in meant}
    for each, header in _upgraded(credentials).items():
        if "authorization" in meant.get(host(each), {}):
            raise ValueError(f"Authorization for {host(each)} stands in its URL too; give one of them")
        granted[each] = (*granted.get(each, ()), header)
    return granted


def _upgraded(found: Mapping[str, _T]) -> dict[str, _T]:
    """The same, and what is found at http (port 80) found at https (443) too, unless that has its own."""
    more = {f"https{each.removeprefix('http')}": what for each, what in found.items() if _has_upgrade(each)}
    return {**more, **found}


def _has_upgrade(place: str) -> bool:
    return place.startswith("http:") and port(place) == _HTTP_PORT


def _host_of(header: Header, origins: Iterable[str]) -> str:
    hosts = list(dict.fromkeys(map(host, origins)))
    shown = ", ".join(hosts[:_SHOWN_HOSTS]) + ", …" * (len(hosts) > _SHOWN_HOSTS)
    if not header.host:
        if len(hosts) > 1:
            raise ValueError(f"for which host is {header.name}, of {shown}? write it as 'HOST {header.name}: …'")
        return hosts[0]
    try:
        place = host(parse(f"http://{header.host}/"))
    except NotCrawlable:
        place = ""
    if place not in hosts:
        raise ValueError(f"the host of {header.name} is none that the seeds name ({shown}); name one of them")
    return place
