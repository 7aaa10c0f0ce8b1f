"""The drawing of docs/concurrency.md that shows what a process, a thread and a task are."""

from typing import Final

from benchmarks.concurrency_charts import INK

WORDS: Final = {
    "en": {
        "a": "process A", "b": "process B", "memory": "memory: variables, modules, one GIL", "thread": "thread",
        "loop": "with an event loop", "task": "task", "pipe": "pipe: bytes", "shared": "shared memory: bytes",
        "system": "operating system: keeps processes apart, gives threads their turns on the cores",
    },
    "ja": {
        "a": "プロセスA", "b": "プロセスB", "memory": "メモリ：変数、モジュール、GILが一つ", "thread": "スレッド",
        "loop": "イベントループ付き", "task": "タスク", "pipe": "パイプ：バイト列",
        "shared": "共有メモリ：バイト列", "system": "OS：プロセスを隔て、スレッドをコアに割り当てる",
    },
}  # fmt: skip

_PAPER: Final = "#fafaf9"
_TEXT: Final = "#1c1917"
_MUTED: Final = "#57534e"


def anatomy(language: str) -> str:
    """The drawing as SVG, on paper of its own."""
    words = WORDS[language]
    parts = [
        *_process(20, words["a"], words),
        *_process(430, words["b"], words),
        *_loop(200, words),
        *(_thread(x, words["thread"]) for x in (60, 120, 520, 640)),
        _arrow(132, words["pipe"]),
        _arrow(222, words["shared"]),
        _box((20, 290, 710, 34), _MUTED),
        _say(375, 312, words["system"]),
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 750 340" width="750" height="340" fill="{_TEXT}"'
    style = 'font-family="sans-serif" font-size="13" text-anchor="middle"'
    return f'{head} {style}><rect width="750" height="340" fill="{_PAPER}"/>{"".join(parts)}</svg>\n'


def _process(x: int, name: str, words: dict[str, str]) -> list[str]:
    return [
        _box((x, 16, 300, 256), INK["process"]),
        _say(x + 150, 38, name, INK["process"], "bold"),
        _box((x + 16, 198, 268, 58), _MUTED, "#f5f5f4"),
        _say(x + 150, 232, words["memory"]),
    ]


def _thread(x: int, name: str) -> str:
    """A line that runs from its name down to the memory."""
    line = f'<path d="M{x} 82 q10 12 0 24 t0 24 t0 24 t0 24 V196" fill="none" stroke="{INK["thread"]}"'
    return f'{line} stroke-width="2"/>' + _say(x, 72, name, INK["thread"])


def _loop(x: int, words: dict[str, str]) -> list[str]:
    line = f'<path d="M{x + 40} 82 V196" stroke="{INK["thread"]}" stroke-width="2"/>'
    tasks = []
    for row in range(3):
        y = 102 + row * 30
        tasks.append(f'<rect x="{x + 12}" y="{y - 12}" width="56" height="22" rx="11" fill="{INK["task"]}"/>')
        tasks.append(_say(x + 40, y + 4, words["task"], _PAPER))
    return [line, *tasks, _say(x + 44, 72, words["loop"], INK["thread"])]


def _arrow(y: int, text: str) -> str:
    """From one process to the other."""
    line = f'<path d="M322 {y} H428 M330 {y - 5} L322 {y} L330 {y + 5} M420 {y - 5} L428 {y} L420 {y + 5}"'
    return f'{line} fill="none" stroke="{INK["pickle"]}" stroke-width="1.5"/>' + _small(375, y - 9, text)


def _box(place: tuple[int, int, int, int], stroke: str, fill: str = "none") -> str:
    x, y, width, height = place
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="8" fill="{fill}" stroke="{stroke}"/>'


def _say(x: int, y: int, text: str, ink: str = _TEXT, weight: str = "normal") -> str:
    return f'<text x="{x}" y="{y}" fill="{ink}" font-weight="{weight}">{text}</text>'


def _small(x: int, y: int, text: str) -> str:
    return f'<text x="{x}" y="{y}" font-size="10" fill="{_TEXT}">{text}</text>'
