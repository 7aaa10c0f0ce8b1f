"""The built-in site as tests use it: running, with its seeds and its truth at hand."""

import json
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

from crawler.readers import ConnectTo
from crawler.site.process import SiteProcess


class Site:
    """A running site."""

    def __init__(self, process: SiteProcess, folder: Path) -> None:
        self.process = process
        self.connect_to = ConnectTo(".crawler.test", None, process.host, process.port)
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
        return dict(json.loads(self.get("/truth.json")))

    def true_words(self) -> bytes:
        """The words.csv that a crawl of all its URLs must give."""
        counts: Counter[str] = Counter()
        pages: Counter[str] = Counter()
        for page in self.truth()["pages"].values():
            counts.update(page["words"])
            pages.update(page["words"].keys())
        ordered = sorted(counts, key=lambda word: (-counts[word], word))
        return ("word,count,pages\n" + "".join(f"{w},{counts[w]},{pages[w]}\n" for w in ordered)).encode()
