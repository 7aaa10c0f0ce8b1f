"""The store on real files: what is kept, what is derived, what is refused."""

import asyncio
import csv
import io
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from crawler.model import Analysis, Answer, Failure, Fault, Job, Redirect, Timings, Visit, pack
from crawler.store import wordlist
from crawler.store.database import Database
from crawler.store.faults import FolderInUse, OutputError, UnusableFolder
from crawler.store.files import read_lines, write_whole
from crawler.store.folder import Folder
from crawler.store.recorder import Recorder
from crawler.store.wordlist import WordList
from tests.conftest import Run

ANSWER = Answer(200, "text/html", 1234, Timings(0.001, 0.002, 0.003, 0.004))


def analysed(url: str, words: dict[str, int]) -> Visit:
    top = tuple(sorted(words.items(), key=lambda item: (-item[1], item[0]))[:2])
    links = pack([f"{url}next"])
    return Visit(
        Job(url),
        ANSWER,
        Analysis("utf-8", f"Title of {url}", "ja", sum(words.values()), len(words), top, pack(words), links),
        0.25,
    )


async def write(path: Path, visits: list[Visit], *, finish: bool = True) -> None:
    folder = await Folder.open(path, "seeds")
    run = await folder.database.begin_run(b"digest", os.getpid())
    recorder = Recorder(folder.database, path, run.id, 0.01, 2)
    await recorder.begin()
    for visit in visits:
        await recorder.keep(visit)
    await recorder.aclose()
    words = WordList(run.id, 3)
    await write_whole(path / "words.csv", folder.database.stream(words.lines))
    if finish:
        await folder.database.finish_run(run.id)
    await folder.aclose()


def pages_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (path / "pages.jsonl").read_bytes().splitlines()]


def test_every_visit_has_its_line_and_every_word_its_sum(tmp_path: Path, run: Run[Any]) -> None:
    visits = [
        analysed("http://a.test/", {"the": 3, "cat": 1}),
        analysed("http://b.test/", {"the": 2, "猫": 5}),
        Visit(Job("http://c.test/", 1), None, Failure(Fault.DNS, "no such host")),
        Visit(Job("http://d.test/"), ANSWER, Redirect("http://e.test/")),
        Visit(Job("http://e.test/", 0, 1), ANSWER, Redirect("http://a.test/")),
    ]
    run(write(tmp_path, visits))
    assert (tmp_path / "words.csv").read_text(encoding="utf-8") == "word,count,pages\nthe,5,2\n猫,5,1\ncat,1,1\n"
    pages = {page["url"]: page for page in pages_of(tmp_path)}
    assert len(pages) == 5
    assert pages["http://b.test/"] == {
        "url": "http://b.test/",
        "final_url": "http://b.test/",
        "status": 200,
        "fault": None,
        "reason": None,
        "stage": None,
        "depth": 0,
        "hops": 0,
        "visited_at": pages["http://b.test/"]["visited_at"],
        "content_type": "text/html",
        "bytes": 1234,
        "timings": {"dns_s": 0.001, "connect_s": 0.002, "first_byte_s": 0.003, "body_s": 0.004, "analyze_s": 0.25},
        "charset": "utf-8",
        "title": "Title of http://b.test/",
        "language": "ja",
        "tokens": 7,
        "distinct_words": 2,
        "top_words": [["猫", 5], ["the", 2]],
    }
    failed = pages["http://c.test/"]
    assert (failed["fault"], failed["reason"], failed["stage"], failed["depth"]) == (
        "dns",
        "no such host",
        "fetch",
        1,
    )
    assert failed["status"] is None and failed["timings"] is None
    assert pages["http://d.test/"]["final_url"] == "http://a.test/", "the end of the chain, not the next hop"
    assert pages["http://e.test/"]["final_url"] == "http://a.test/"


def test_an_unfinished_run_is_carried_on_and_its_lines_are_made_again(tmp_path: Path, run: Run[Any]) -> None:
    first = [analysed("http://a.test/", {"a": 3, "b": 2, "c": 1})]
    run(write(tmp_path, [*first, Visit(Job("http://d.test/"), ANSWER, Redirect("http://a.test/"))], finish=False))
    before = pages_of(tmp_path)
    (tmp_path / "pages.jsonl").write_bytes(b'{"torn')

    async def carry_on() -> None:
        folder = await Folder.open(tmp_path, "seeds")
        resumed = await folder.database.begin_run(b"digest", 1)
        assert resumed.id == 1
        assert sorted(job.url for job, _ in resumed.settled) == ["http://a.test/", "http://d.test/"]
        assert {job.url: target for job, target in resumed.settled}["http://d.test/"] == "http://a.test/"
        recorder = Recorder(folder.database, tmp_path, resumed.id, 0.01, 2)
        await recorder.begin()
        await recorder.aclose()
        await folder.database.finish_run(resumed.id)
        assert (await folder.database.begin_run(b"digest", 1)).id == 2, "a finished list starts a new run"
        assert (await folder.database.begin_run(b"other", 1)).id == 3, "other seeds are another run"
        await folder.aclose()

    run(carry_on())
    assert pages_of(tmp_path) == before


def test_a_batch_is_kept_whole_or_not_at_all(tmp_path: Path, run: Run[Any]) -> None:
    async def keep_twice() -> None:
        folder = await Folder.open(tmp_path, "seeds")
        begun = await folder.database.begin_run(b"digest", 1)
        visit = analysed("http://a.test/", {"a": 1})
        other = analysed("http://b.test/", {"b": 1})
        with pytest.raises(sqlite3.IntegrityError):
            await folder.database.keep(begun.id, [(v, "now") for v in (other, visit, visit)])  # type: ignore[misc]
        rows = await folder.database.call(lambda c: c.execute("SELECT count(*) FROM pages, words").fetchone()[0])
        assert rows == 0
        await folder.aclose()

    run(keep_twice())


def test_words_are_summed_in_bounded_memory(tmp_path: Path, run: Run[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    visits = [analysed(f"http://a.test/{n}", {f"w{n * 7 % 50 + k}": k + 1 for k in range(30)}) for n in range(40)]
    run(write(tmp_path / "whole", visits))
    monkeypatch.setattr(wordlist, "_DISTINCT_IN_MEMORY", 10)
    run(write(tmp_path / "spilled", visits))
    whole = (tmp_path / "whole" / "words.csv").read_bytes()
    assert (tmp_path / "spilled" / "words.csv").read_bytes() == whole
    rows = list(csv.DictReader(io.StringIO(whole.decode())))
    assert sum(int(row["count"]) for row in rows) == 40 * sum(range(1, 31))
    assert sum(int(row["pages"]) for row in rows) == 40 * 30
    assert [(-int(row["count"]), row["word"]) for row in rows] == sorted(
        (-int(row["count"]), row["word"]) for row in rows
    )


def test_the_word_list_knows_its_top_and_its_size(tmp_path: Path, run: Run[Any]) -> None:
    async def derive() -> WordList:
        await write(tmp_path, [analysed("http://a.test/", {"a": 5, "b": 4, "c": 3, "d": 1})])
        folder = await Folder.open(tmp_path, "seeds")
        words = WordList(1, 2)
        await write_whole(tmp_path / "words.csv", folder.database.stream(words.lines))
        await folder.aclose()
        assert (words.distinct, words.top) == (4, [("a", 5, 1), ("b", 4, 1)])
        return words

    run(derive())


def test_the_folder_is_held_by_one_run_and_let_go_of_with_its_process(tmp_path: Path, run: Run[Any]) -> None:
    async def hold_twice() -> None:
        folder = await Folder.open(tmp_path, "seeds")
        await folder.database.begin_run(b"digest", os.getpid())
        with pytest.raises(FolderInUse, match=f"{tmp_path} is in use by another run .process {os.getpid()}, begun 2"):
            await Folder.open(tmp_path, "seeds")
        await folder.aclose()
        again = await Folder.open(tmp_path, "seeds")
        await again.aclose()

    run(hold_twice())
    script = (
        "import sys; from pathlib import Path; from crawler.store.lock import FolderLock\n"
        f"lock = FolderLock(Path({str(tmp_path)!r})); print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(FolderInUse):
            asyncio.run(Folder.open(tmp_path, "seeds"))
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    asyncio.run(_open_and_close(tmp_path))


async def _open_and_close(path: Path) -> None:
    folder = await Folder.open(path, "seeds")
    await folder.aclose()


def _foreign(path: Path) -> None:
    (path / "crawl.db").write_bytes(b"not a database at all" * 100)


def _newer(path: Path) -> None:
    with sqlite3.connect(path / "crawl.db") as connection:
        connection.execute("CREATE TABLE x (y)")
        connection.execute("PRAGMA user_version = 99")
    connection.close()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_foreign, "crawl.db: file is not a database; move it away, or give another folder with --out"),
        (_newer, "made by another version of crawler .format 99, this one writes 1.; give another folder"),
        (lambda path: asyncio.run(_open_and_close(path)), "holds the results of seeds, not of others; give another"),
    ],
)
def test_a_folder_that_is_none_of_ours_is_refused(tmp_path: Path, spoil: Any, message: str) -> None:
    spoil(tmp_path)
    with pytest.raises(UnusableFolder, match=message):
        asyncio.run(Folder.open(tmp_path, "others"))
    assert not _is_locked(tmp_path)


def _is_locked(path: Path) -> bool:
    from crawler.store.lock import FolderLock

    try:
        FolderLock(path).release()
    except FolderInUse:
        return True
    return False


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UnusableFolder, match="file/out: Not a directory; give another folder with --out"):
        asyncio.run(Folder.open(tmp_path / "file" / "out", "seeds"))


def test_a_full_disk_is_an_output_error_and_what_was_committed_stays(tmp_path: Path, run: Run[Any]) -> None:
    """The limit on a file's size fails writes as a full disk does."""
    run(write(tmp_path, [analysed("http://kept.test/", {"kept": 1})], finish=False))

    async def fill(recorder: Recorder) -> None:
        for n in range(3_000):
            await recorder.keep(analysed(f"http://a.test/{n}", {f"word{n}{k}": 1 for k in range(500)}))

    async def overflow() -> None:
        folder = await Folder.open(tmp_path, "seeds")
        begun = await folder.database.begin_run(b"digest", 1)
        recorder = Recorder(folder.database, tmp_path, begun.id, 0.01, 2)
        await recorder.begin()
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2**18, before[1]))
        try:
            with pytest.raises(OutputError, match=r"crawl\.db: |pages\.jsonl: "):
                await fill(recorder)
            with pytest.raises(OutputError):
                await recorder.aclose()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            await folder.aclose()

    run(overflow())
    run(write(tmp_path, [analysed("http://after.test/", {"after": 1})]))
    words = (tmp_path / "words.csv").read_text(encoding="utf-8")
    assert "\nkept,1,1\n" in words and "\nafter,1,1\n" in words


def test_a_slow_disk_slows_the_keeper(tmp_path: Path, run: Run[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """No more visits wait in memory than the bound says, however fast they come."""
    pending = []
    keep = Database.keep

    async def watched(self: Database, number: int, batch: list[Any]) -> None:
        pending.append(len(batch))
        await keep(self, number, batch)

    monkeypatch.setattr(Database, "keep", watched)
    run(write(tmp_path, [analysed(f"http://a.test/{n}", {"a": 1}) for n in range(2_000)]))
    assert sum(pending) == 2_000
    assert max(pending) <= 512


def test_lines_are_read_from_a_file_whatever_its_line_ends(tmp_path: Path, run: Run[Any]) -> None:
    path = tmp_path / "urls.txt"
    path.write_bytes(b"a\r\nb\nc")
    assert run(read_lines(path)) == [b"a", b"b", b"c"]
