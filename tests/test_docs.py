"""What the documents say exists and works."""

import asyncio
import importlib.util
import os
import re
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from crawler.cli.compare import compare_parser
from crawler.cli.crawl import crawl_parser
from crawler.cli.main import COMMANDS
from crawler.cli.parser import shown
from crawler.cli.site import site_parser
from crawler.exits import Exit
from crawler.seeds import read_seeds
from crawler.settings import options
from crawler.source import source_of
from crawler.store.files import read_lines
from tests.sites import Site

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = (ROOT / "README.md", ROOT / "benchmarks" / "README.md", *sorted((ROOT / "docs").glob("*.md")))


def test_the_readme_lists_every_option_with_its_default() -> None:
    table = README.partition("<!-- options -->")[2].partition("<!-- /options -->")[0]
    rows = ["| option | what it does | default |", "|---|---|---|"]
    for option in options():
        public = option.public
        metavar = f" {public.metavar}".replace("|", "\\|") if public.metavar else ""
        default = "" if option.default in (None, (), False, "") else f"`{shown(option)}`"
        rows.append(f"| `{', '.join(public.flags)}{metavar}` | {public.help} | {default} |")
    assert table.strip().splitlines() == rows


def test_every_option_and_command_that_a_document_shows_exists() -> None:
    parsers = (crawl_parser(), compare_parser(), site_parser())
    known = {flag for parser in parsers for action in parser._actions for flag in action.option_strings}
    known |= {"--measure"}  # of benchmarks.concurrency
    for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.*"), *(ROOT / "seeds").iterdir()):
        text = path.read_text(encoding="utf-8")
        assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) <= known, path
        for name in re.findall(r"python -m crawler ([a-z]+)\b(?![./:])", text):
            assert name in COMMANDS, path


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_a_document_links_to_exists(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        file, _, heading = target.partition("#")
        if "://" in file:
            continue
        linked = (path.parent / file).resolve() if file else path
        assert linked.is_relative_to(ROOT) and linked.exists(), target
        headings = re.findall(r"^#+ (.+)$", linked.read_text(encoding="utf-8"), re.MULTILINE) if heading else []
        assert not heading or heading in {text.lower().replace(" ", "-") for text in headings}, target


def test_what_coverage_leaves_out_is_there() -> None:
    """Whoever moves a module that nobody traces takes its place in the list along."""
    omitted = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["coverage"]["run"]["omit"]
    assert [pattern for pattern in omitted if "*" not in pattern and not (ROOT / pattern).is_file()] == []


def test_the_readme_lists_every_exit_code() -> None:
    table = README.partition("| exit code | meaning |")[2].partition("\n\n")[0]
    listed = {int(code) for row in re.findall(r"^\| ([\d, ]+) \|", table, re.MULTILINE) for code in row.split(",")}
    assert listed == set(map(int, Exit))


def test_the_settings_example_of_the_readme_is_read(tmp_path: Path) -> None:
    from crawler.configure import configure, file_layer

    example = re.findall(r"^```toml\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert len(example) == 1
    (tmp_path / "crawler.toml").write_text(example[0])
    settings = configure([file_layer(tmp_path / "crawler.toml")])
    assert (settings.fetch.room, settings.fetch.timeout_s, len(settings.fetch.connect_to)) == ("threads", 10.0, 1)


def test_the_python_example_of_the_readme_runs(tmp_path: Path) -> None:
    example = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert len(example) == 1
    (tmp_path / "example.py").write_text(example[0])
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    done = subprocess.run(
        [sys.executable, "example.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    lines = done.stdout.splitlines()
    assert sum("crawler.test/ Analysis(" in line for line in lines) == 2
    assert re.fullmatch(r"\d+ \(\('[^']+', \d+, \d+\), .*\)", lines[-1])
    assert done.stderr == ""


def test_the_shipped_seeds_are_the_built_in_sites(whole_site: Site, run: Any) -> None:
    path = ROOT / "seeds" / "urls.txt"
    seeds = read_seeds(run(read_lines(path)), str(path))
    assert not seeds.rejected
    urls = [job.url for job in seeds.jobs]
    assert set(urls) <= set(whole_site.urls)
    assert set(whole_site.truth()["pages"]) <= set(urls)
    assert source_of("seeds/urls.txt").folder == Path("output/urls")


def test_the_shipped_list_of_real_pages_can_be_read(run: Any) -> None:
    path = ROOT / "seeds" / "web.txt"
    seeds = read_seeds(run(read_lines(path)), str(path))
    assert not seeds.rejected
    urls = [job.url for job in seeds.jobs]
    assert len(set(urls)) == 12
    assert all(url.startswith("https://") for url in urls)
    assert sum("ja" in url for url in urls) >= 4


@pytest.fixture
def readme_commands() -> list[str]:
    spec = importlib.util.spec_from_file_location("readme_commands", ROOT / ".ci" / "readme_commands.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: list[str] = module.commands(README)
    return found


def test_two_commands_do_all_set_up_and_continuous_integration_runs_them(readme_commands: list[str]) -> None:
    first, second = readme_commands
    assert first.endswith("python -m crawler seeds/urls.txt")
    assert second.endswith("python -m tests")
    for command in (first, second):
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install ")


def test_the_benchmark_readme_names_commands_that_exist() -> None:
    text = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"python -m (benchmarks\.\w+)", text + README))
    assert named
    for name in named:
        assert importlib.util.find_spec(name) is not None


def test_output_is_empty_and_ignores_what_lands_there() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "output"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    if tracked:  # not in an unpacked source archive
        assert tracked == ["output/.gitignore"]
    assert "*" in (ROOT / "output" / ".gitignore").read_text().split()


def test_the_tests_command_refuses_verbs_it_does_not_know(capsys: pytest.CaptureFixture[str]) -> None:
    main = runpy.run_module("tests.__main__", run_name="not_main")["main"]
    assert main(["nonsense"]) == 2
    assert "'nonsense' is none of check, fix, test" in capsys.readouterr().err
    assert asyncio.iscoroutinefunction(main) is False
