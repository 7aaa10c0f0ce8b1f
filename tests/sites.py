"""The built-in site as tests use it: running, with its seeds and its truth at hand."""

import json
import urllib.request
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from crawler.readers import ConnectTo
from crawler.site.process import SiteProcess


class Site:
    """A running site."""

    def __init__(self, process: SiteProcess, folder: Path) -> None:
        self.process = process
        self.connect_to = ConnectTo(".crawler.test", None, process.host, process.port)
        self._told: dict[str, bytes] = {}
        self.seeds = folder / "urls.txt"
        self.seeds.write_bytes(self.get("/seeds.txt"))
        self.urls = self.seeds.read_text(encoding="utf-8").split()

    def get(self, path: str, host: str = "en.crawler.test") -> bytes:
        request = urllib.request.Request(
            f"http://{self.process.host}:{self.process.port}{path}", headers={"Host": host}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return bytes(answer.read())

    def page(self, url: str) -> bytes:
        """The bytes of a page, not compressed."""
        _, _, host, path = url.split("/", 3)
        return self.get(f"/{path}", host)

    def truth(self) -> dict[str, Any]:
        return self._tell("/truth.json")

    def crawl_truth(self) -> dict[str, Any]:
        """What a crawl must find that follows links from every index."""
        return self._tell("/crawl.json")

    def _tell(self, path: str) -> dict[str, Any]:
        """What the site tells about itself: asked for once, because it renders every page for it."""
        if path not in self._told:
            self._told[path] = self.get(path)
        return dict(json.loads(self._told[path]))

    def true_words(self) -> bytes:
        """The words.csv that a crawl of all its URLs must give."""
        return words_csv(self.truth()["pages"].values())

    def true_words_of(self, urls: Iterable[str]) -> bytes:
        """The words.csv that counting exactly these pages, side pages among them, must give."""
        known = self.truth()["pages"] | self.crawl_truth()["side"]
        return words_csv(known[url] for url in urls)


def words_csv(told: Iterable[dict[str, Any]]) -> bytes:
    """The words.csv of pages of which the truth is told."""
    counts: Counter[str] = Counter()
    pages: Counter[str] = Counter()
    for page in told:
        counts.update(page["words"])
        pages.update(page["words"].keys())
    ordered = sorted(counts, key=lambda word: (-counts[word], word))
    return ("word,count,pages\n" + "".join(f"{w},{counts[w]},{pages[w]}\n" for w in ordered)).encode()
